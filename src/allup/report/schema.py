"""The JSON Schemas (2020-12) of what is written as JSON; they are files of the package, beside this one."""

import json
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final, assert_never

_PARTS: Final = ("failure", "tls", "address", "past")
"""What a record refers to."""


class SchemaName(StrEnum):
    """What a schema can be had of: documents of check, compare, race and history, lines of check and watch."""

    CHECK = "check"
    RECORD = "record"
    COMPARE = "compare"
    RACE = "race"
    TRANSITION = "transition"
    HISTORY = "history"

    def text(self) -> str:
        """Return the schema as JSON, indented."""
        return json.dumps(self._document(), indent=2) + "\n"

    def _document(self) -> dict[str, Any]:
        match self:
            case SchemaName.CHECK | SchemaName.COMPARE | SchemaName.HISTORY:
                return _read(self.value)
            case SchemaName.RECORD:
                return _of_record(_read("check"))
            case SchemaName.RACE:
                return _of_race(_read("race"), _read("check"))
            case SchemaName.TRANSITION:
                return _of_transition(_read("check"), _read("transition"))
            case _:
                assert_never(self)


def _read(name: str) -> dict[str, Any]:
    text = files("allup.report").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _of_record(check: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": check["$schema"],
        "$id": "urn:allup:schema:record:1",
        "title": "one line of allup check --format jsonl",
        "$ref": "#/$defs/record",
        "$defs": {name: check["$defs"][name] for name in ("record", *_PARTS)},
    }


def _of_race(race: dict[str, Any], check: dict[str, Any]) -> dict[str, Any]:
    own, record = race["$defs"]["result"], check["$defs"]["record"]
    result = own | {
        "required": [*own["required"], *record["required"]],
        "properties": own["properties"] | record["properties"],
    }
    return race | {"$defs": {"result": result, **{name: check["$defs"][name] for name in _PARTS}}}


def _of_transition(check: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    record = check["$defs"]["record"]
    return {
        "$schema": check["$schema"],
        "$id": "urn:allup:schema:transition:1",
        "title": "one line of allup watch --format jsonl",
        "description": "What changed, then the record of the poll that confirmed it.",
        "type": "object",
        "required": [*change["required"], *record["required"]],
        "properties": change["properties"] | record["properties"],
        "$defs": {name: check["$defs"][name] for name in _PARTS},
    }
