"""Text of a list or a server, made fit to be printed: passwords and credentials taken out."""

import re
from typing import Final

_WORD: Final = re.compile(r"\S+")
_PASSWORD: Final = re.compile(
    r"""(?P<user>
            (?:https?:[/\\]*|^(?!mailto:)[/\\]*|[:;][/\\]+)   # where an authority begins ...
            [^\s:/?\#\\]*)                           # ... up to its first colon
        :(?:[^/?\#\\]*@                              # a password, up to the authority's last @,
        |(?!\d{0,5}(?:[/?\#\\]|$)).*@)               # or one with a raw / ? # in it: what follows is no port""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ACROSS_WORDS: Final = re.compile(r"(?P<user>[/\\]{2}[^\s:/?#\\@]*):(?!\d{0,5}(?:[/?#\\\s]|$))[^/?#\\@]*\s[^/?#\\@]*@")
_FIELD: Final = re.compile(r"(?<![^\s\"'=])(?P<name>[\w-]+)\s*[:=]")
SECRET_NAME: Final = r"authorization|cookie|api-?key|token|secret|passw"  # noqa: S105 - no password, but how one is told
"""What the name of a credential has in it, in letters of any case."""
_SECRET: Final = re.compile(SECRET_NAME, re.IGNORECASE)


def printable_url(text: str) -> str:
    """Return `text` without the passwords of the URLs in it, those that no parser accepts included."""
    return _WORD.sub(_without_password, text) if "@" in text else text


def _without_password(word: re.Match[str]) -> str:
    head, at, tail = word[0].rpartition("@")
    return _PASSWORD.sub(r"\g<user>@", head + at) + tail if at else tail


def encodable(text: str) -> str:
    """Return `text` with what no UTF-8 can hold escaped: bytes of arguments and paths in another encoding."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable_line(text: str) -> str:
    """Return one line of a list without passwords, and without what follows the name of a credential."""
    # In a line that is none, a password may have blanks in it.
    text = _ACROSS_WORDS.sub(r"\g<user>@", printable_url(text))
    for field in _FIELD.finditer(text):
        if _SECRET.search(field["name"]):
            # Up to the end of the line: where a value ends depends on quotes that may not be balanced.
            return f"{text[: field.end()]} ..."
    return text
