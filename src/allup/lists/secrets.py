"""Options as they were written, without what only their author may know."""

import re
from typing import Final

from allup.lists.details import Value
from allup.lists.redaction import is_secret_name, printable_url, secret_field, without_passwords
from allup.lists.template import Template

REDACTED: Final = Template("\0", ("REDACTED",))
"""Stands for a secret: a variable that nobody has, so that what is read again is refused and not sent."""

_ONLY_VARIABLES: Final = re.compile(r"(?:(?:[A-Za-z][\w.-]*[ =])?\0(?:; ?[\w.-]+=\0)*)?")
"""A secret header's value that holds none by itself: ``Bearer ${TOKEN}``, ``session=${S}; id=${ID}``."""
_PASSWORD_OF_VARIABLES: Final = re.compile(r":\0+(?=@)")


def without_secret(option: str, value: Value) -> str:
    """Return `value` as `Template.parse` reads it, a secret in it replaced."""
    match option:
        case "name" | "group":  # what they are for is done without the password too
            return printable_url(str(value.template))
        case "header" | "expect-header":
            return str(_header(value))
        case "data" if secret_field(value.template.masked):
            return str(REDACTED)
        case _:
            return str(REDACTED if _has_password(value.template) else value.template)


def _header(value: Value) -> Template:
    colon = value.template.masked.find(":")
    name, held = value.template.partition(colon) if colon >= 0 else (None, value.template)
    secret = is_secret_name(value.text.partition(":")[0]) and not _ONLY_VARIABLES.fullmatch(held.masked.strip())
    if not secret and not _has_password(held):
        return value.template
    if name is None:
        return REDACTED
    return Template(f"{name.masked}: {REDACTED.masked}", (*name.names, *REDACTED.names))


def _has_password(template: Template) -> bool:
    masked = _PASSWORD_OF_VARIABLES.sub("", template.masked)
    return without_passwords(masked) != masked
