"""How canaries are asked: as the targets are, but by nobody in particular."""

from dataclasses import replace

from allup.http.client import open_client
from allup.http.tls import TlsContext
from allup.model.clock import Clock
from allup.model.settings import HttpSettings
from allup.run.canaries.canary import Opening


def opening(settings: HttpSettings, clock: Clock) -> Opening:
    """Return what opens a client with `settings`; what is for the hosts of targets alone is left out."""
    theirs = replace(settings, auth=None, cookie=None, addresses=None)
    tls = TlsContext(theirs)  # to load the authorities takes longer than to ask
    return lambda: open_client(theirs, clock, tls=tls)
