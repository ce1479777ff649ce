"""What a run has from its journal, as data."""

from allup.model.resumption import Resumption
from allup.report.instant import instant


def resumption_record(resumed: Resumption) -> dict[str, object]:
    """Return what the summary says of it; the instant is to the second."""
    return {"results": resumed.results, "began_at": instant(resumed.began_at, "seconds")}
