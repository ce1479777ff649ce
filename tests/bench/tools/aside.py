"""Commands that ask nobody, to compare the time of a start with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A command as it stands."""

    name: str
    command: Sequence[str]
    asks: bool = False

    def invocation(self, job: Job) -> Invocation:  # noqa: ARG002 - it has nothing to do with it
        return Invocation(self.command)

    def answers(self, stdout: Path) -> int:  # noqa: ARG002 - nor with what others print
        return 0
