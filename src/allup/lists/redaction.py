"""Text of a list or a server, made fit to be printed: passwords and credentials taken out."""

import re
from typing import Final

_WORD: Final = re.compile(r"\S+")


def _password(start: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?P<user>
                (?:{start})                      # where an authority begins ...
                [^\s:/?\#\\]*)                   # ... up to its first colon
            :(?:[^/?\#\\]*@                      # a password, up to the authority's last @,
            |(?!\d{{0,5}}(?:[/?\#\\]|$)).*@)     # or one with a raw / ? # in it: what follows is no port""",
        re.VERBOSE | re.IGNORECASE | re.DOTALL,
    )


_PASSWORD: Final = _password(r"https?:[/\\]*|^(?!mailto:)[/\\]*|[:;][/\\]+")
_PASSWORD_IN_TEXT: Final = _password(r"https?:[/\\]+|[/\\]{2}|[:;][/\\]+")
"""Where a text need not be a URL, ``"mail":"me@example.org"`` is none."""
_ACROSS_WORDS: Final = re.compile(
    r"(?P<user>[/\\]{2}[^\s:/?#\\@]*):(?!\d{0,5}(?:[/?#\\\s]|$))[^\s/?#\\@]*+\s[^/?#\\@]*+@"
)
_FIELD: Final = re.compile(r"""(?<![^\s"'=&,;<{\[\\])(?P<name>[\w-]++)[\\"'\]]*+\s*+[:=>]""")
"""What names a header or an option, or a part of a form, of JSON or of XML; not the first one of a URL's query."""
_NO_COLON: Final = re.compile(r"""header=\$?["']?(?P<name>[\w-]++)(?=\s+[^\s=]+(?:\s|["']|$))""")
"""What names a header whose colon was left out."""
_SECRET: Final = re.compile(
    r"authorization|cookie|token|secret|passw|passphrase|(?:api|access|private|subscription)[-_]?key"
    r"|(?<![a-z])(?:auth|pass|pwd)(?![a-z])",
    re.IGNORECASE,
)
"""What the name of a credential has in it."""


def is_secret_name(name: str) -> bool:
    """Say whether `name`, of a header or a part of a form, is one of a credential."""
    return _SECRET.search(name) is not None


def printable_url(text: str) -> str:
    """Return `text` without the passwords of the URLs in it, those that no parser accepts included."""
    return _without(_PASSWORD, text)


def without_passwords(text: str) -> str:
    """Return `text`, which need not be a URL, without the passwords of the URLs in it."""
    return _without(_PASSWORD_IN_TEXT, text)


def _without(password: re.Pattern[str], text: str) -> str:
    if "@" not in text:
        return text

    def cleaned(word: re.Match[str]) -> str:
        head, at, tail = word[0].rpartition("@")
        return password.sub(r"\g<user>@", head + at) + tail if at else tail

    return _WORD.sub(cleaned, text)


def encodable(text: str) -> str:
    """Return `text` with what no UTF-8 can hold escaped: bytes of arguments and paths in another encoding."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable_line(text: str) -> str:
    """Return one line of a list without passwords, and without what follows the name of a credential."""
    # In a line that is none, a password may have blanks in it.
    text = _ACROSS_WORDS.sub(r"\g<user>@", printable_url(text))
    field = secret_field(text) or _secret_header(text)
    # Up to the end of the line: where a value ends depends on quotes that may not be balanced.
    return text if field is None else f"{text[: field.end()]} ..."


def _secret_header(text: str) -> re.Match[str] | None:
    return next((header for header in _NO_COLON.finditer(text) if is_secret_name(header["name"])), None)


def secret_field(text: str) -> re.Match[str] | None:
    """Return the first name of a credential in `text` that a value follows."""
    return next((field for field in _FIELD.finditer(text) if is_secret_name(field["name"])), None)
