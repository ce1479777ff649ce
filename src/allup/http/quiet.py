"""What nobody needs to hear of connections that were closed from here."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

Context = dict[str, Any]
Handler = Callable[[asyncio.AbstractEventLoop, Context], object]

_NOWHERE: Final = logging.NullHandler()
_OF_TLS: Final = "Fatal error on SSL protocol"


def keep_quiet(loop: asyncio.AbstractEventLoop) -> None:
    """Keep from standard error, as long as `loop` runs, what is no news.

    What aiohttp logs would reach it, where nobody has set up logging, with text of the server's in it and
    its cookies; and so would uvloop's word on a TLS handshake that was called off in the middle, whose bytes
    still come after their connection was closed, and after all else was.
    """
    logging.getLogger("aiohttp").addHandler(_NOWHERE)
    before = loop.get_exception_handler()
    if not isinstance(before, _Quiet):
        loop.set_exception_handler(_Quiet(before))


class _Quiet:
    """Passes on to the handler that was there `before` all but an afterglow."""

    def __init__(self, before: Handler | None) -> None:
        self._before = before

    def __call__(self, loop: asyncio.AbstractEventLoop, context: Context) -> None:
        if _is_afterglow(context):
            return
        if self._before is None:
            loop.default_exception_handler(context)
        else:
            self._before(loop, context)


def _is_afterglow(context: Context) -> bool:
    # Not all of them say of their transport that it is closing; what goes wrong in TLS itself is no RuntimeError.
    return str(context.get("message")).startswith(_OF_TLS) and isinstance(context.get("exception"), RuntimeError)
