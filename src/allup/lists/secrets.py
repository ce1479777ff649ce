"""Options as they were written, without what only their author may know."""

import re
from typing import Final

from allup.lists.redaction import SECRET_NAME
from allup.lists.template import Template

REDACTED: Final = Template("\0", ("REDACTED",))
"""Stands for a secret: a variable that nobody has, so that what is read again is refused and not sent."""

_ONLY_VARIABLES: Final = re.compile(r"(?:[A-Za-z][\w.-]*[ =])?\0(?:; ?[\w.-]+=\0)*")
"""A secret header's value that holds none by itself: ``Bearer ${TOKEN}``, ``session=${S}; id=${ID}``."""
_SECRET_FIELD: Final = re.compile(rf"(?:^|[^\w-])[\"']?[\w-]*(?:{SECRET_NAME})[\w-]*[\"']?\s*[:=]", re.IGNORECASE)


def without_secret(option: str, value: Template) -> str:
    """Return `value` as `Template.parse` reads it, a secret in it replaced."""
    match option:
        case "header":
            return str(_header(value))
        case "data" if _SECRET_FIELD.search(value.masked):
            return str(REDACTED)
        case _:
            return str(value)


def _header(value: Template) -> Template:
    name = value.masked.partition(":")[0]
    if not re.search(SECRET_NAME, name, re.IGNORECASE):
        return value
    held = value.masked[len(name) + 1 :].strip()
    return value if _ONLY_VARIABLES.fullmatch(held) else Template(f"{name}: {REDACTED.masked}", REDACTED.names)
