"""How the groups of equivalents of a watch stand."""

from collections.abc import Mapping, Sequence

from allup.model.state import State, state_of_group
from allup.model.target import Target
from allup.run.watched import Watched


class Groups:
    """The groups that `targets` are in."""

    def __init__(self, targets: Sequence[Watched]) -> None:
        self._members: dict[str, list[Watched]] = {}
        for one in targets:
            if isinstance(one.entry, Target) and one.entry.group is not None:
                self._members.setdefault(one.entry.group, []).append(one)

    def state(self, name: str | None) -> State | None:
        """Return how the group of that name stands now; None where there is none."""
        members = None if name is None else self._members.get(name)
        return state_of_group([one.state for one in members]) if members else None

    @property
    def states(self) -> Mapping[str, State]:
        """How all stand now, by name."""
        return {name: state_of_group([one.state for one in members]) for name, members in self._members.items()}
