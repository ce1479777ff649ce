"""Selections from the lab: the two lists of the demo, and the list that `allup lab` prints."""

from collections.abc import Iterator
from typing import Final

from allup.lab.behaviour import WEB_SERVERS, Behaviour
from allup.lab.catalogue import AS_EXPECTED, FAILING, Group, named
from allup.lab.server import Lab
from allup.model.failure import FailureKind

# Equal steps, longest first: in fours they add up to the same, so that ten workers end together.
_COMPARED_MS: Final = range(177, 59, -3)

COMPARED: Final = tuple(
    Behaviour(
        name=f"answers-in-{milliseconds}ms",
        about=f"answers after {milliseconds} ms",
        path=f"/latency/{milliseconds}ms",
        server=WEB_SERVERS[position % len(WEB_SERVERS)],
        latency_s=milliseconds / 1000,
    )
    for position, milliseconds in enumerate(_COMPARED_MS)
)
"""40 latencies, 4.74 s in all, spread over the web servers."""

CHECKED: Final = tuple(
    map(
        named,
        (
            "latency-50ms",
            "latency-200ms",
            "status-404",
            "redirect-chain",
            "head",
            "endless-body",
            "healthy",
            "flaky",
            "unexpected-404",
            "unexpected-500",
            "unhealthy",
            "redirect-loop",
            "redirect-nowhere",
            "silent",
            "refused",
            "reset-later",
            "not-http",
            "not-tls",
            "no-such-name",
            "no-url",
        ),
    )
)
"""Something of everything, in two seconds or so: what fails in passing is tried again."""

_INTRODUCTION: Final = """\
# The embedded internet of allup, on loopback. Each line says what its URL does.
# Save this list, leave the lab running, and check it from another terminal:
#   allup check lab.txt
# It ends red: the second half fails on purpose."""

_AS_EXPECTED: Final = "# ---- All as expected: these are green."

_FAILING: Final = "# ---- What failure looks like: these are red on purpose."


def compare_list(lab: Lab) -> list[str]:
    """Return list lines for a comparison: ten workers can come within 3% of the ideal."""
    return [lab.line(behaviour) for behaviour in COMPARED]


def check_list(lab: Lab) -> list[str]:
    """Return list lines for a check that shows what goes well and what goes wrong, in about 2 s."""
    return [lab.line(behaviour) for behaviour in CHECKED]


def text_list(lab: Lab) -> str:
    """Return the whole catalogue as a text list that explains itself."""
    lines = [_INTRODUCTION, "", _AS_EXPECTED, *_sections(lab, AS_EXPECTED), "", _FAILING, *_sections(lab, FAILING)]
    return "\n".join(lines) + "\n"


def _sections(lab: Lab, groups: tuple[Group, ...]) -> Iterator[str]:
    for group in groups:
        yield ""
        yield f"# {group.title}"
        for behaviour in group.behaviours:
            yield from _commented(lab, behaviour)


def _commented(lab: Lab, behaviour: Behaviour) -> Iterator[str]:
    # A line that cannot be read is reported as it stands: its comment is better kept off it.
    if behaviour.kind is FailureKind.INVALID_TARGET:
        yield f"# {behaviour.about}"
        yield lab.line(behaviour)
    else:
        yield f"{lab.line(behaviour)}  # {behaviour.about}"
