"""What one HTTP status says."""

from http import HTTPStatus
from typing import Final

from allup.model.failure import Certainty

_TRANSIENT: Final = frozenset({408, 425, 429})


def named(status: int) -> str:
    """Return `status` with its registered phrase, ``404 Not Found``; a server's own phrase is anybody's text."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def certainty(status: int) -> Certainty:
    """Return how sure it is that what answered with `status`, which was not expected, is at fault."""
    return Certainty.TRANSIENT if status >= 500 or status in _TRANSIENT else Certainty.DEFINITE
