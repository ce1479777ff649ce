"""The turns in flight, as seen from another thread than the one that takes and releases them."""

from collections.abc import Callable, Sequence

from allup.run.turns import Turn


class Snapshot:
    """Lists what `turns` lists; where that changes in the very moment, what it listed last."""

    def __init__(self, turns: Callable[[], Sequence[Turn]]) -> None:
        self._turns = turns
        self._seen: Sequence[Turn] = ()

    def __call__(self) -> Sequence[Turn]:
        """Return the turns, the oldest first."""
        try:
            self._seen = self._turns()
        except RuntimeError:  # changed during iteration: the next frame will have it
            return self._seen
        return self._seen
