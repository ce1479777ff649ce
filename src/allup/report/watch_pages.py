"""What a watch serves: its metrics, and whether it keeps its schedule."""

from http import HTTPStatus

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from allup.model.duration import format_duration
from allup.report.metrics_server import Page, Pages
from allup.report.watch_metrics import WatchMetrics
from allup.run.watching import Watching


def watch_pages(watch: Watching) -> Pages:
    """Return the pages of `watch` by their paths."""
    metrics = WatchMetrics(watch)

    def measured() -> Page:
        return Page(status=HTTPStatus.OK, pieces=metrics.pieces(), type=CONTENT_TYPE_PLAIN_0_0_4)

    def health() -> Page:
        if watch.schedule.is_kept:
            return Page(status=HTTPStatus.OK, pieces=("ok\n",))
        late = format_duration(watch.schedule.late_s)
        said = f"the schedule is not kept: a turn that has come waits for {late} already\n"
        return Page(status=HTTPStatus.SERVICE_UNAVAILABLE, pieces=(said,))

    return {"/metrics": measured, "/healthz": health}
