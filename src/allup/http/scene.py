"""Where an error was raised."""

from dataclasses import dataclass

from allup.http.certificate import Certificate
from allup.model.failure import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The phase that a request was in, and the certificate that was not accepted there, if one was shown."""

    phase: Phase
    rejected: Certificate | None = None
