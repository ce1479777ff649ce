"""The reason that an error gives, in a line."""

import re
import ssl
from typing import Final

import aiohttp

_QUOTE: Final = re.compile(r":?\s+b?['\"].*", re.DOTALL)
"""Where aiohttp's parser quotes what it could not read: that may be a cookie."""


def reason(error: BaseException) -> str:
    """Return the first line of what `error` says; it may hold a certificate's text, and none of an answer's."""
    if isinstance(error, aiohttp.ClientResponseError):
        text = _QUOTE.sub("", error.message)
    else:
        text = _os_reason(error) or str(error)
    return text.split("\n", 1)[0].strip().rstrip(":") or type(error).__name__


def cause_of(error: Exception) -> Exception:
    """Return the system's own error inside one of aiohttp's connector errors."""
    return error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error


def _os_reason(error: BaseException) -> str | None:
    # SSLError is an OSError too; its strerror holds a source file and line of OpenSSL's binding.
    if isinstance(error, ssl.SSLError) and (why := getattr(error, "reason", None)):
        return str(why).replace("_", " ").lower()
    return error.strerror if isinstance(error, OSError) else None
