"""Secrets that a server sends back: they are known from their source on, and printed no more than there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, unquote

from allup.http.credentials import basic
from allup.lists.host import userinfo_of
from allup.model.failure import Failure
from allup.model.settings import Credentials, HttpSettings

_SHORTEST: Final = 6
"""Characters: what is shorter would take words out of what is no secret."""


class Mask:
    """Takes `secrets` out of texts, as they are and as they are in a URL."""

    def __init__(self, secrets: Iterable[str]) -> None:
        texts = {text for secret in secrets for text in (secret, quote(secret, safe="", errors="surrogateescape"))}
        # What is a part of another one must not break that.
        self._texts = sorted((text for text in texts if len(text) >= _SHORTEST), key=len, reverse=True)

    def with_more(self, secrets: Sequence[str]) -> "Mask":
        """Return a mask that takes `secrets` out too."""
        return Mask((*self._texts, *secrets)) if secrets else self

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self._texts:
            text = text.replace(secret, "...")
        return text

    def text_or_none(self, text: str | None) -> str | None:
        """Return `text`, if there is one, without secrets."""
        return None if text is None else self.text(text)

    def failure(self, failure: Failure | None) -> Failure | None:
        """Return `failure`, if there is one, without secrets in what people read."""
        if failure is None or not self._texts:
            return failure
        return replace(failure, detail=self.text(failure.detail), hint=self.text_or_none(failure.hint))


def mask_of(settings: HttpSettings) -> Mask:
    """Return what takes out the credentials and the cookies of a run."""
    return Mask(_secrets(settings))


def password_in(href: str) -> tuple[str, ...]:
    """Return what nobody may read of the user in the URL `href`."""
    if "@" not in href:
        return ()
    user, colon, password = userinfo_of(href).partition(":")
    return tuple(_of(Credentials(user=unquote(user), password=unquote(password)))) if colon else ()


def _secrets(settings: HttpSettings) -> Iterator[str]:
    known = [*settings.netrc.values(), *([settings.auth] if settings.auth else [])]
    for credentials in known:
        yield from _of(credentials)
    for cookie in (settings.cookie or "").split(";"):
        yield cookie.partition("=")[2].strip()


def _of(credentials: Credentials) -> Iterator[str]:
    yield credentials.password
    yield basic(credentials.user, credentials.password).partition(" ")[2]
