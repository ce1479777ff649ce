"""Whether a target is tried again, and when."""

from dataclasses import dataclass, field
from typing import Final

from allup.model.result import Result
from allup.model.settings import RetrySettings
from allup.model.target import InvalidTarget
from allup.run.backoff import Backoff

SLACK_S: Final = 0.01
"""Added to what a server asked for: its clock and ours do not tick together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Another attempt in `after_s`; the host that answered is asked nothing at all for `pause_s`."""

    after_s: float
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """Decides by `settings`; the waits that no server asked for are drawn from `backoff`."""

    settings: RetrySettings
    backoff: Backoff = field(default_factory=Backoff)

    def retry(self, result: Result, *, paused_for_s: float) -> Retry | None:
        """Return when to try `result` again, or None: it stands.

        `paused_for_s` is how long the host that answered has been paused already: a Retry-After that goes
        beyond the budget ends the attempts, and pauses nobody.
        """
        if isinstance(result.entry, InvalidTarget) or result.attempts > result.entry.request.retries:
            return None
        if result not in self.settings.on:
            return None
        asked_s = None if result.attempt is None else result.attempt.retry_after_s
        if asked_s is None:
            return Retry(after_s=self.backoff.wait_s(result.attempts))
        if paused_for_s + asked_s > self.settings.budget_s:
            return None
        return Retry(after_s=asked_s + SLACK_S, pause_s=asked_s + SLACK_S)
