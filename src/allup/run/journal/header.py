"""The first line of a journal: what it is, whose it is, and since when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allup.run.journal.fields import BadField, Fields
from allup.run.journal.frame import framed, unframed
from allup.run.journal.identity import WIDTH
from allup.run.journal.marks import Marks

MAGIC: Final = b"allup.journal/1 "
"""How a journal begins; another version of it would be another number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The key of the fingerprints, when the run began (seconds since the epoch), and what it is known by."""

    salt: bytes
    began_at: float
    marks: Marks

    def encoded(self) -> bytes:
        """Return the line."""
        held = {
            "salt": self.salt.hex(),
            "began_at": self.began_at,
            "lists": self.marks.lists,
            "options": self.marks.options,
        }
        return MAGIC + framed(json.dumps(held, separators=(",", ":")).encode())

    @classmethod
    def decoded(cls, line: bytes) -> "Header | None":
        """Return what the line says; None where it is none, or damaged."""
        body = unframed(line.removeprefix(MAGIC)) if line.startswith(MAGIC) else None
        try:
            return None if body is None else _header(json.loads(body))
        except (ValueError, RecursionError):
            return None


def may_be_torn(start: bytes) -> bool:
    """Say whether `start`, all there is of a file, may be the beginning of a first line, or is nothing at all."""
    return start.startswith(MAGIC[: len(start)]) and b"\n" not in start


def _header(held: Any) -> Header:
    said = Fields(held)
    salt = bytes.fromhex(said.text("salt"))
    if len(salt) != WIDTH:
        raise BadField("salt")
    marks = Marks(lists=tuple(_pair(one) for one in held["lists"]), options=_texts(held["options"]))
    return Header(salt=salt, began_at=said.number("began_at"), marks=marks)


def _pair(held: Any) -> tuple[str, str]:
    match held:
        case [str(name), str(mark)]:
            return name, mark
        case _:
            raise BadField("lists")


def _texts(held: Any) -> Mapping[str, str]:
    if not isinstance(held, dict) or not all(isinstance(one, str) for one in held.values()):
        raise BadField("options")
    return held
