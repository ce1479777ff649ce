"""Who the run is to each host: `--auth`, the netrc file, `--cookie`; for a target's own origin only."""

from aiohttp import encode_basic_auth
from multidict import CIMultiDict
from yarl import URL

from allup.model.settings import Credentials, HttpSettings


def basic(user: str, password: str) -> str:
    """Return what says in HTTP's Basic scheme (RFC 7617) who asks."""
    # A colon would end the name: no server could tell, and aiohttp refuses it.
    return encode_basic_auth(user.replace(":", "%3A"), password)


def add_user(headers: CIMultiDict[str], url: URL, settings: HttpSettings, *, at_home: bool) -> None:
    """Add Authorization where none is there: by the URL's own user, else by `settings` where it is the target's host.

    Basic credentials are sent at once, in UTF-8 (RFC 7617).
    """
    if "Authorization" in headers:
        return
    if url.raw_user is not None or url.raw_password is not None:
        headers["Authorization"] = basic(url.user or "", url.password or "")
        return
    known = _known(url, settings) if at_home else None
    if known is not None:
        headers["Authorization"] = basic(known.user, known.password)


def add_cookie(headers: CIMultiDict[str], settings: HttpSettings, *, at_home: bool) -> None:
    """Add the run's own cookie where none is there and it is the target's host."""
    if at_home and settings.cookie is not None and "Cookie" not in headers:
        headers["Cookie"] = settings.cookie


def _known(url: URL, settings: HttpSettings) -> Credentials | None:
    if settings.auth is not None:
        return settings.auth
    return settings.netrc.get(url.host or "") or settings.netrc.get("")
