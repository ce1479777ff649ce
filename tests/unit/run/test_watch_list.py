"""The list of a watch is held, and has a limit."""

import pytest

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.selection import SelectionSettings
from allup.model.usage import UsageError
from allup.run import watch_list as module
from allup.run.watch_list import watch_list
from unit.fake_client import targets_of


async def test_all_of_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TARGETS", 5)
    async with EntryStream(targets_of(5), LineDefaults(), SelectionSettings()) as entries:
        assert await watch_list(entries) == targets_of(5)


async def test_one_too_many_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TARGETS", 5)
    async with EntryStream(targets_of(6), LineDefaults(), SelectionSettings()) as entries:
        with pytest.raises(UsageError, match="at most 5 targets"):
            await watch_list(entries)
