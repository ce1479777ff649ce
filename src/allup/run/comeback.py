"""What failed in passing gets in line again."""

from allup.model.result import Result
from allup.model.target import Target
from allup.run.candidate import Candidate
from allup.run.polite import PoliteTurns
from allup.run.retrying import Retrying


def comes_back(result: Result, target: Target, answered_by: str, retrying: Retrying, turns: PoliteTurns) -> bool:
    """Put `target` in line for another attempt where `retrying` gives it one; False: `result` stands.

    The host that `answered_by` names is left alone for as long as it asked to be.
    """
    retry = retrying.retry(result, paused_for_s=turns.paused_for_s(answered_by))
    if retry is None:
        return False
    if retry.pause_s:
        turns.pause(answered_by, retry.pause_s)
    turns.retry(Candidate(result.index, target, result), target.host, after_s=retry.after_s)
    return True
