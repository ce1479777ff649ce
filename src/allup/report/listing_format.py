"""The formats of `list`."""

from enum import StrEnum
from typing import assert_never

from allup.report.listing_handler import ListingReport
from allup.report.sink import Sink


class ListingFormat(StrEnum):
    """What a list can be written as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"

    def report(self, sink: Sink) -> ListingReport:
        """Return a report that writes to `sink`."""
        match self:
            case ListingFormat.TEXT:
                from allup.report.listing_text import TextListing

                return TextListing(sink)
            case ListingFormat.JSON:
                from allup.report.listing_json import JsonListing

                return JsonListing(sink)
            case ListingFormat.CSV:
                from allup.report.listing_csv import CsvListing

                return CsvListing(sink)
            case _:
                assert_never(self)
