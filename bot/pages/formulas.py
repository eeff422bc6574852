"""LaTeX as MathML, which browsers draw by themselves.

What the converter makes of text such as `\\text{<b>}` is markup, and `\\href` gives any address: so its result is not
taken as it is, but written again, with the elements and attributes of MathML that only say how a formula looks.
"""

import html
from typing import Final
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST: Final = 4000
"""Characters of a formula that is converted; a longer one is shown as typed."""

_ELEMENTS: Final = frozenset(
    {
        *("math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle"),
        *("merror", "mpadded", "mphantom", "mfenced", "menclose", "msub", "msup", "msubsup", "munder", "mover"),
        *("munderover", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "mlabeledtr", "semantics"),
    }
)
_ATTRIBUTES: Final = frozenset(
    {
        *("display", "displaystyle", "scriptlevel", "mathvariant", "mathcolor", "mathbackground", "mathsize"),
        *("stretchy", "symmetric", "largeop", "movablelimits", "accent", "accentunder", "fence", "separator"),
        *("lspace", "rspace", "minsize", "maxsize", "form", "linethickness", "columnalign", "rowalign"),
        *("columnspacing", "rowspacing", "columnlines", "rowlines", "width", "height", "depth", "voffset"),
        *("notation", "open", "close"),
    }
)


def formula(latex: str, *, display: bool = False) -> str | None:
    """The formula as an element of HTML; None if it cannot be read."""
    if len(latex) > LONGEST:
        return None
    try:
        element = convert_to_element(latex, display="block" if display else "inline")
        return _written(element)
    except Exception:  # noqa: BLE001  # of whatever people type, the converter raises errors of a dozen kinds
        return None


def _written(element: Element) -> str:
    name = element.tag.rpartition("}")[2]
    if name not in _ELEMENTS:
        raise ValueError(f"no element of a formula: {name}")
    attributes = "".join(
        f' {key}="{html.escape(str(value))}"' for key, value in element.attrib.items() if key in _ATTRIBUTES
    )
    inside = _text(element.text) + "".join(_written(child) + _text(child.tail) for child in element)
    return f"<{name}{attributes}>{inside}</{name}>"


def _text(text: str | None) -> str:
    """The converter writes some characters as references, and leaves `<` as it is: both come out as text.

    Commands that it does not know stay with their backslash: of `\\arg` the name is shown.
    """
    return html.escape(html.unescape(text or "").removeprefix("\\"))
