"""Reading messages out of the sources and comparing them with the catalogues.

There is one catalogue per feature word: `cogs/rotation.py`, `bot/services/rotation.py` and `bot/domain/rotation.py`
all speak through `ko/rotation.po`. A message that two features share stands in both, with the same translation.
"""

import re
import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
KOREAN = Path(__file__).parent / "ko"
_KEYWORDS: dict[str, None] = {"_": None, "lang": None}
_HANGUL = re.compile("[가-힣]")


def sources(root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Pairs of feature word and source file."""
    for folder in ("bot", "cogs"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".j2"}:
                yield _feature(path), path


def _feature(path: Path) -> str:
    inside_package = path.name.startswith("_") or path.parent.parent.name == "cogs"
    return path.parent.name if inside_package else path.name.split(".")[0]


def messages(root: Path = ROOT) -> dict[str, dict[str, list[str]]]:
    """Feature → message → where it stands."""
    found: dict[str, dict[str, list[str]]] = {}
    for feature, path in sources(root):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for _line, message, _comments, _context in extract_from_file(method, path, keywords=_KEYWORDS):
            text = message if isinstance(message, str) else message[0]
            place = path.relative_to(root).as_posix()
            found.setdefault(feature, {}).setdefault(text, []).append(place)
    return found


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="ko")
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def update(root: Path = ROOT, folder: Path = KOREAN) -> None:
    """Write each feature's catalogue anew: its messages, with the translations known from any catalogue."""
    known = {str(m.id): m for path in sorted(folder.glob("*.po")) for m in _read(path) if m.id and m.string}
    found = messages(root)
    for path in folder.glob("*.po"):
        if path.stem not in found:
            path.unlink()
    for feature, texts in found.items():
        catalogue = Catalog(locale="ko", project="study-bot", charset="utf-8", fuzzy=False)
        for text, places in texts.items():
            entry = known.get(text)
            catalogue.add(
                text,
                str(entry.string) if entry else "",
                locations=[(place, 0) for place in dict.fromkeys(places)],
                flags={"fuzzy"} if entry and entry.fuzzy else (),
            )
        _write(folder / f"{feature}.po", catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=True, sort_output=True, width=0, include_lineno=False)


def check(root: Path = ROOT, folder: Path = KOREAN) -> list[str]:
    """What is wrong with the catalogues, a line each; empty when all is well."""
    translated = {path.stem: {str(m.id): m for m in _read(path) if m.id} for path in sorted(folder.glob("*.po"))}
    problems: list[str] = []
    seen: dict[str, str] = {}
    for feature, texts in messages(root).items():
        for text in texts:
            entry = translated.get(feature, {}).get(text)
            korean = str(entry.string) if entry else ""
            problems += _problems(f"{feature}.po: {text!r}", text, korean, fuzzy=bool(entry and entry.fuzzy))
            if korean and seen.setdefault(text, korean) != korean:
                problems.append(f"{feature}.po: {text!r}: translated differently in another catalogue")
    return problems


def _problems(where: str, english: str, korean: str, *, fuzzy: bool) -> Iterator[str]:
    if _HANGUL.search(english):
        yield f"{where}: the message itself must be English"
    if not korean:
        yield f"{where}: no Korean translation"
        return
    if fuzzy:
        yield f"{where}: fuzzy"
    try:
        same = placeholders(english) == placeholders(korean)
    except ValueError as error:
        yield f"{where}: {error}"
        return
    if not same:
        yield f"{where}: placeholders differ"


def placeholders(text: str) -> set[str]:
    """Names of the values a message takes. A particle (`{name:을/를}`) does not change the name."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
