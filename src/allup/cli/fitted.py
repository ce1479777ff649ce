"""What the descriptors of this process allow, raised as far as that goes, of what was asked for."""

from dataclasses import replace

from allup.cli.descriptors import check_floor, fitting, raise_limit
from allup.cli.environment import Environment
from allup.model.settings import HttpSettings


def fitted(
    environment: Environment, concurrency: int, http: HttpSettings, *, asked_for: bool = True
) -> tuple[int, HttpSettings]:
    """Return how many targets may be in flight, and the settings with the idle connections that leaves room for.

    Complains where that is less than somebody has `asked_for`. Raises UsageError where there is no room at all.
    """
    descriptors = raise_limit()
    check_floor(descriptors)
    fit = fitting(concurrency, http.most_idle, descriptors)
    if fit.concurrency < concurrency and asked_for:
        environment.complain(
            f"the limit of open files allows {fit.concurrency} targets at once, not {concurrency}: "
            "raise it (ulimit -n) or lower --concurrency"
        )
    return fit.concurrency, replace(http, most_idle=fit.most_idle)
