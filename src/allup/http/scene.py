"""Where an error was raised."""

from dataclasses import dataclass

from allup.http.certificate import Certificate
from allup.http.proxies import Proxy
from allup.model.failure import Phase
from allup.model.settings import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The phase that a request was in, and what it was told.

    `proxy` is the one that it has not got past, `rejected` the certificate that was not accepted,
    if one was shown.
    """

    phase: Phase
    settings: HttpSettings = HttpSettings()
    proxy: Proxy | None = None
    rejected: Certificate | None = None
