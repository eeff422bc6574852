"""Addresses on the web as people type them: what may be kept and shown to a team. None of them is ever fetched."""

from urllib.parse import urlsplit


def is_web_address(text: str) -> bool:
    """`http` or `https`, a host, and nothing that would end the link where it is shown as `<…>`."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    printable = all(character.isprintable() and character not in " <>" for character in text)
    return parts.scheme in {"http", "https"} and bool(host) and printable


def has_credentials(address: str) -> bool:
    """Whether a name or password stands before the host: a secret, or a host that only looks like another."""
    return "@" in urlsplit(address).netloc
