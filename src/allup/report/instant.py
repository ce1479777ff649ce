"""Points in time as ISO 8601 writes them."""

from datetime import UTC, datetime


def instant(epoch_s: float, timespec: str) -> str:
    """Return seconds since the epoch as ``2026-01-31T12:00:00.000Z``, to the `timespec` of `datetime.isoformat`."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
