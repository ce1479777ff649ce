"""Request headers as people write them: ``Name: value``."""

import re
from typing import Final

from allup.lists.method import TOKEN

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


_NO_HEADER: Final = "not a header: write Name: value, the name without spaces"


def parse_header_name(text: str) -> str:
    """Return the header's name that `text` is; raises ValueError with a message for people."""
    if TOKEN.fullmatch(text) is None:
        raise ValueError(_NO_HEADER)
    return text


def parse_header(text: str) -> tuple[str, str]:
    """Return name and value of the header `text`; the value may be empty.

    Raises ValueError with a message for people, which never quotes the value.
    """
    name, colon, value = text.partition(":")
    if not colon:
        raise ValueError(_NO_HEADER)
    name = parse_header_name(name)
    value = value.strip(" \t")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the value of {name} has a control character or a line end in it")
    return name, value
