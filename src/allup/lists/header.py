"""Request headers as people write them: ``Name: value``."""

import re
from typing import Final

from allup.lists.method import TOKEN

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def parse_header(text: str) -> tuple[str, str]:
    """Return name and value of the header `text`; the value may be empty.

    Raises ValueError with a message for people, which never quotes the value.
    """
    name, colon, value = text.partition(":")
    if not colon or TOKEN.fullmatch(name) is None:
        raise ValueError("not a header: write Name: value, the name without spaces")
    value = value.strip(" \t")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the value of {name} has a control character or a line end in it")
    return name, value
