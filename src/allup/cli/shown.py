"""What is configured, as people and TOML may read it: without secrets."""

import re
from collections.abc import Mapping
from typing import Any, Final

from allup.lists.details import Value
from allup.lists.redaction import printable_line, printable_url, without_passwords
from allup.lists.secrets import REDACTED, without_secret
from allup.lists.template import Template
from allup.model.harmful import HARMFUL

_LINE_OPTIONS: Final = {"header": "header", "expect-header": "expect-header", "data": "data", "expect-json": "json"}
_VARIABLES: Final = re.compile(r"(?:\$\{\w+\})*")
_PASSWORD_OF_VARIABLES: Final = re.compile(r":(?:\$\{\w+\})+(?=@)")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]*")


def shown(key: str, value: Any, variables: Mapping[str, str]) -> Any:
    """Return the value of `key` without what only its author may know: a secret is ``${REDACTED}``."""
    if isinstance(value, list):
        return [shown(key, one, variables) for one in value]
    return _without_secret(key, value, variables) if isinstance(value, str) else value


def toml(value: Any) -> str:
    """Return `value` (text, a number, true or false, or a list of these) as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case list() | tuple():
            return f"[{', '.join(_quoted(str(one)) for one in value)}]"
        case _:
            text = str(value)
            return text if _NUMBER.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{HARMFUL.sub(_escape, escaped)}"'


def _escape(harmful: re.Match[str]) -> str:
    code = ord(harmful[0])
    if 0xD800 <= code <= 0xDFFF:  # a byte that is no UTF-8, which TOML cannot hold
        return "\ufffd"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _without_secret(key: str, text: str, variables: Mapping[str, str]) -> str:
    match key:
        case "auth":
            return _after(":", text)
        case "cookie":
            return _after("=", text)
        case "proxy":  # it may be without a scheme
            bare = _PASSWORD_OF_VARIABLES.sub("", text)
            return text if printable_url(bare) == bare else str(REDACTED)
        case "canary":  # a line of a list
            return text if printable_line(text) == text else str(REDACTED)
        case _ if key in _LINE_OPTIONS:
            return _of_line(_LINE_OPTIONS[key], text, variables)
        case _:
            return text if without_passwords(text) == text else str(REDACTED)


def _after(separator: str, text: str) -> str:
    name, found, held = text.partition(separator)
    if not found:
        return str(REDACTED)
    return text if _VARIABLES.fullmatch(held) else f"{name}{separator}{REDACTED}"


def _of_line(option: str, text: str, variables: Mapping[str, str]) -> str:
    try:
        template = Template.parse(text)
    except ValueError:
        return str(REDACTED)
    unset = dict.fromkeys(template.names, "")
    return without_secret(option, Value(template, {**unset, **variables}))
