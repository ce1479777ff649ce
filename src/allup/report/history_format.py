"""The formats of `history`."""

from enum import StrEnum
from typing import assert_never

from allup.model.history import History
from allup.report.sink import Sink


class HistoryFormat(StrEnum):
    """What a history can be written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"

    def write(self, history: History, sink: Sink, *, width: int | None = None, color: bool = False) -> None:
        """Write `history` to `sink`; `width` (cells) and `color` are for the table. Raises OSError."""
        match self:
            case HistoryFormat.TABLE:
                from allup.report.history_table import HistoryTable
                from allup.report.look import Look
                from allup.report.paper import paper

                paper(sink, width=width, color=color).print(HistoryTable(history, Look.on(sink.encoding)))
            case HistoryFormat.JSON:
                from allup.report.history_json import history_json

                sink.write(history_json(history))
            case HistoryFormat.CSV:
                from allup.report.history_csv import history_csv

                sink.write(history_csv(history))
            case _:
                assert_never(self)
        sink.flush()
