"""The formats of `race`."""

from enum import StrEnum
from typing import assert_never

from allup.model.race import RaceOutcome
from allup.report.printable import ACTIVE
from allup.report.sink import Sink


class RaceFormat(StrEnum):
    """What a race can be written as: the winners' URLs, a line each, or all that is known of everyone."""

    LINES = "lines"
    JSON = "json"

    def write(self, outcome: RaceOutcome, sink: Sink) -> None:
        """Write `outcome` to `sink`; raises OSError."""
        match self:
            case RaceFormat.LINES:
                sink.write("".join(f"{usable(winner.result.url)}\n" for winner in outcome.winners))
            case RaceFormat.JSON:
                from allup.report.race_json import race_json

                sink.write(race_json(outcome))
            case _:
                assert_never(self)
        sink.flush()


def usable(url: str) -> str:
    """Return `url` as programs may use and terminals may show it: harmful characters are percent-encoded."""
    return ACTIVE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
