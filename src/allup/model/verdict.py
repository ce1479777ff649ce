"""The judgement on a target."""

from enum import StrEnum


class Verdict(StrEnum):
    """The judgement on a target."""

    OK = "ok"
    FLAKY = "flaky"
    FAILED = "failed"
    UNCHECKED = "unchecked"
