"""Values of the model as bytes, at a fraction of what `pickle` takes for dataclasses by itself.

Both ends are the same program on the same machine, and the line between them is nobody else's.
"""

import copyreg
import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from allup.model.answer import AnswerExpectation
from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.expectation import Expectation
from allup.model.failure import Failure
from allup.model.statuses import Statuses
from allup.model.target import Request

_FREQUENT: Final = (
    AddressOutcome,
    AnswerExpectation,
    Attempt,
    Expectation,
    Failure,
    Hop,
    Request,
    Statuses,
    Timings,
    Tls,
)


def _slots(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


# A frozen dataclass with slots is put together again by its slots: the checks of its making were passed once.
_SETTERS: Final[Mapping[type[Any], tuple[Callable[[Any, Any], None], ...]]] = {
    kind: tuple(getattr(kind, name).__set__ for name in _slots(kind)) for kind in _FREQUENT
}


def _restored(kind: type[Any], *values: Any) -> Any:
    made = object.__new__(kind)
    for setter, value in zip(_SETTERS[kind], values, strict=True):
        setter(made, value)
    return made


def _reducer(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    values_of = attrgetter(*_slots(kind))
    return lambda value: (_restored, (kind, *values_of(value)))


_REDUCERS: Final = copyreg.dispatch_table | {kind: _reducer(kind) for kind in _FREQUENT}


def packed(value: object) -> bytes:
    """Return `value` as bytes; raises what `pickle` raises for what cannot be written down."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(value)
    return stream.getvalue()


def unpacked(payload: bytes) -> Any:
    """Return what `packed` was given."""
    return pickle.loads(payload)  # noqa: S301 - it is our own process that wrote it
