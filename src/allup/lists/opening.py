"""Sources, opened: from where a list is to what reads it."""

import asyncio
import tempfile
from typing import BinaryIO, Final

from allup.lists.argument import Argument
from allup.lists.details import LineDefaults
from allup.lists.fetching import Fetch, FetchError
from allup.lists.formats.foreign import check_beginning
from allup.lists.formats.format import InputFormat
from allup.lists.formats.parser import BrokenList
from allup.lists.listing import Listing
from allup.lists.packed import Unpacked
from allup.lists.reading import Reader, RegularFile, open_reader
from allup.lists.redaction import encodable
from allup.lists.source import FileSource, RemoteSource, Source, SourceError, StandardInput, UrlSource

_ANY_CHARSET: Final = frozenset({InputFormat.SITEMAP, InputFormat.HTML})
"""Formats that say their charset themselves, and are told apart from others by their parsers."""


class Stopped(Exception):
    """The list is not wanted any more."""


class Opening:
    """Opens the sources of a run; `fetch` gets those that are elsewhere."""

    def __init__(self, defaults: LineDefaults, fetch: Fetch | None) -> None:
        self._defaults = defaults
        self._fetch = fetch
        self._stopping = asyncio.Event()

    @property
    def stopped(self) -> bool:
        """Whether nothing is to be fetched any more."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Fetch nothing any more; what is under way is left."""
        self._stopping.set()

    async def open(self, source: Source) -> Listing | Argument:
        """Return the entries of `source`; raises SourceError where it cannot be read."""
        match source:
            case UrlSource():
                return Argument(source.text, self._defaults)
            case RemoteSource():
                try:
                    return await self.fetched(source)
                except FetchError as error:
                    raise SourceError(f"{encodable(source.url)}: cannot be fetched: {error}") from None
            case FileSource():
                name = encodable(source.path)
                return self._listing(name, _reader(name, source), source.format)
            case StandardInput():
                return self._listing("-", open_reader(source), source.format)

    async def fetched(self, source: RemoteSource) -> Listing:
        """Return the entries of a list that is elsewhere; raises FetchError, and Stopped after `stop`.

        It is fetched as a whole, into a file: its server would not wait until all of it is checked.
        """
        if self._fetch is None:
            raise FetchError("there is nothing to fetch it with")
        file = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - its reader closes it
        try:
            base = await self._unless_stopped(self._fetch, source.href, file)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        name = encodable(source.url)
        # What a server packs on the way may have been packed before.
        return self._listing(name, Unpacked(Spooled(file)), source.format, base)

    async def _unless_stopped(self, fetch: Fetch, href: str, file: BinaryIO) -> str:
        fetching = asyncio.create_task(fetch(href, file), name="allup-fetch-list")
        stopping = asyncio.create_task(self._stopping.wait(), name="allup-stopping")
        try:
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not fetching.done():
                raise Stopped
            return fetching.result()
        finally:
            for task in (fetching, stopping):
                task.cancel()
            await asyncio.wait((fetching, stopping))

    def _listing(self, name: str, reader: Reader, format_: InputFormat, base: str | None = None) -> Listing:
        return Listing(name, Unpacked(reader), format_.parser(name, self._defaults, base))


class Spooled(RegularFile):
    """A list that was fetched into a file of its own, which is gone with it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file.fileno())
        self._file = file

    async def aclose(self) -> None:
        """Close the file, and so delete it."""
        self._file.close()


def _reader(name: str, source: FileSource) -> Reader:
    reader = open_reader(source)
    if isinstance(reader, RegularFile) and source.format not in _ANY_CHARSET:
        try:
            check_beginning(reader.beginning())
        except OSError as error:
            raise SourceError(f"{name}: cannot be read: {error.strerror}") from None
        except BrokenList as error:
            raise SourceError(f"{name}: cannot be read: {error.reason}; {error.hint}") from None
    return reader
