"""TAP 14 (Test Anything Protocol): a test point a target, with a YAML block where it is not plainly ok."""

import json
import re
from collections.abc import Iterator
from typing import Final

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.model.tally import Summary
from allup.report.change_text import since
from allup.report.outcome import called, detail, hint
from allup.report.printable import printable
from allup.report.record import milliseconds
from allup.report.sink import Sink

_DIRECTIVE: Final = re.compile(r"(?<=#)(\s*)([st])(?=kip|odo)", re.IGNORECASE)
_ESCAPED: Final = r"\#"
_SPELLED_OUT: Final = r"\\x23"


class TapReport:
    """Writes each test point at once and the plan at the end; what is unchecked is "not ok": it is not known.

    A failure that does not count, since the baseline has it, is one "to do": readers do not count it either.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._written = 0

    def start(self) -> None:
        """Write the version."""
        self._sink.write("TAP version 14\n")

    def add(self, result: Result) -> None:
        """Write one test point."""
        self._written += 1
        ok = "ok" if result.verdict in (Verdict.OK, Verdict.FLAKY) else "not ok"
        description = _description(called(result))
        if is_known_failure(result):
            # Readers of older versions look for a directive behind the first "#", and nowhere else.
            description = f"{description.replace(_ESCAPED, _SPELLED_OUT)} # TODO known failure"
        self._sink.write(f"{ok} {self._written} - {description}\n")
        if result.verdict is not Verdict.OK:
            lines = (f"  {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in _diagnosis(result))
            self._sink.write(f"  ---\n{''.join(lines)}  ...\n")
        self._sink.flush()

    def finish(self, summary: Summary) -> None:
        """Write the plan."""
        del summary  # it counts those too that `--only` left out
        self._sink.write(f"1..{self._written}\n")


def _description(text: str) -> str:
    # Readers of older versions know no escapes, and would take "\\#skip" for a directive.
    harmless = _DIRECTIVE.sub(lambda match: f"{match[1]}\\x{ord(match[2]):02x}", printable(text))
    return harmless.replace("\\", r"\\").replace("#", _ESCAPED)


def _diagnosis(result: Result) -> Iterator[tuple[str, object]]:
    """Yield the lines of the YAML block; JSON on one line is YAML 1.2."""
    origin = result.entry.origin
    yield "message", printable(detail(result))
    yield "severity", result.verdict.value
    if result.failure is not None:
        yield "kind", result.failure.kind.value
        yield "certainty", result.failure.certainty.value
    if result.attempt is not None:
        yield "status", result.attempt.status
    if since(result):
        yield "baseline", since(result)
    if hint(result):
        yield "hint", printable(hint(result))
    yield "url", printable(result.url)
    if origin.source is not None:
        yield "at", {"file": printable(origin.source), "line": origin.line}
    if result.attempt is not None:
        yield "duration_ms", milliseconds(result.attempt.elapsed_s)
    yield "attempts", result.attempts
