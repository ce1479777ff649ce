"""A behaviour, and what is to be said of it."""

from dataclasses import dataclass
from typing import Final

from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.result import Result, Verdict
from live.answers.line import Script

TIMEOUT_S: Final = 1.0
"""What each attempt is given."""
QUICK_S: Final = 1.5
"""The most that an answer may take where nothing has to be waited for."""
SLOW_S: Final = 1.6
"""The most that an attempt which runs out of time may take, cleaning up included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a person is told; `words` must be in the detail, and the phase is one of `phases`."""

    verdict: Verdict = Verdict.FAILED
    kind: FailureKind | None = None
    phases: tuple[Phase, ...] = ()
    certainty: Certainty | None = None
    words: tuple[str, ...] = ()
    within_s: float = QUICK_S

    def differences(self, result: Result) -> list[str]:
        """Return what `result` says otherwise."""
        failure = result.failure
        found = (result.verdict, failure and failure.kind, failure and failure.certainty)
        expected = (self.verdict, self.kind, self.certainty)
        problems = [f"{found}, expected {expected}: {failure}"] if found != expected else []
        if failure is not None:
            problems += [] if failure.phase in self.phases else [f"in {failure.phase}, expected {self.phases}"]
            problems += [f"{word!r} is not in {failure.detail!r}" for word in self.words if word not in failure.detail]
        return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table.

    `options` are those of the target's line, `server` names its certificate (None: no TLS), `scheme`
    is what it is asked by where that is not what it speaks; `asked` are the request lines that it must
    have seen, `times` is how often it is listed.
    """

    name: str
    script: Script
    expected: Expected
    options: str = ""
    server: str | None = None
    scheme: str | None = None
    asked: tuple[bytes, ...] = ()
    times: int = 1


def fine(*, within_s: float = QUICK_S) -> Expected:
    """As expected."""
    return Expected(verdict=Verdict.OK, within_s=within_s)


def definite(kind: FailureKind, *words: str, phases: tuple[Phase, ...] = (Phase.WAIT,)) -> Expected:
    """It is at fault, and that will not pass."""
    return Expected(kind=kind, certainty=Certainty.DEFINITE, phases=phases, words=words)


def passing(
    kind: FailureKind, *words: str, phases: tuple[Phase, ...] = (Phase.WAIT,), within_s: float = QUICK_S
) -> Expected:
    """It may be well in a moment."""
    return Expected(kind=kind, certainty=Certainty.TRANSIENT, phases=phases, words=words, within_s=within_s)


def wall() -> Expected:
    """It keeps robots out."""
    return Expected(kind=FailureKind.STATUS, certainty=Certainty.BLOCKED, phases=(Phase.WAIT,))


SPOKE_FIRST: Final = (Phase.SEND, Phase.WAIT)
"""Where it is noticed depends on which side is faster."""
EARLY: Final = (Phase.CONNECT, Phase.SEND, Phase.WAIT)
GONE: Final = passing(FailureKind.RESET, "before an answer")
LATE: Final = passing(FailureKind.READ_TIMEOUT, "timed out after 1s", within_s=SLOW_S)
NOT_HTTP: Final = definite(FailureKind.PROTOCOL, "not valid HTTP")
