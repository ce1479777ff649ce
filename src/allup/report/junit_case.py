"""One test case of JUnit XML."""

from typing import assert_never

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.report.change_text import since
from allup.report.outcome import detail, hint
from allup.report.xml_text import xml_attributes, xml_text


def junit_case(result: Result, *, name: str, suite: str) -> str:
    """Return the element of `result`, with line feeds after its parts.

    GitLab links `file`, CircleCI splits by it; the schema of Jenkins' xunit plugin, as opposed to that of its
    junit plugin, knows neither `file` nor `line`.
    """
    origin, attempt = result.entry.origin, result.attempt
    head = xml_attributes(
        classname=_class(suite),
        name=name,
        time=f"{0.0 if attempt is None else attempt.elapsed_s:.3f}",
        file=origin.source,
        line=origin.line,
    )
    return f"<testcase{head}>{_for_merging(result)}\n{_outcome(result)}</testcase>\n"


def _for_merging(result: Result) -> str:
    # An instruction is there for whoever knows it; no schema forbids it, and no other reader minds it.
    index, failure = result.entry.origin.index, result.failure
    if index is None:
        return ""
    certainty = None if failure is None else failure.certainty.value
    return f"<?allup{xml_attributes(index=index, group=result.group, certainty=certainty)}?>"


def _class(suite: str) -> str:
    # Jenkins takes what stands before the last dot for a package.
    return f"allup.{suite.replace('.', '_')}"


def _outcome(result: Result) -> str:
    match result.verdict:
        case Verdict.OK:
            return _note(detail(result), since(result))
        case Verdict.FLAKY:
            return _note(f"flaky: {detail(result)}", since(result))
        case Verdict.FAILED:
            # As pytest writes an expected failure: neither green nor red.
            return _problem("skipped" if is_known_failure(result) else "failure", result)
        case Verdict.UNCHECKED:
            # Not "skipped": that would be green, and whether the target is up is not known.
            return _problem("error", result)
        case _:
            assert_never(result.verdict)


def _note(*texts: str) -> str:
    said = "; ".join(filter(None, texts))
    return f"<system-out>{xml_text(said)}</system-out>\n" if said else ""


def _problem(element: str, result: Result) -> str:
    kind = None if result.failure is None else result.failure.kind.value
    told = {"listed": result.entry.origin, "url": result.url, "detail": detail(result), "hint": hint(result)}
    told["baseline"] = since(result)
    message = f"known failure: {detail(result)}" if is_known_failure(result) else detail(result)
    text = "".join(f"{name}: {xml_text(str(value))}\n" for name, value in told.items() if value)
    return f"<{element}{xml_attributes(type=kind, message=message)}>\n{text}</{element}>\n"
