"""A page in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from browser import chromium
from browser.chromium import Tab


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Tab]:
    path = chromium.found()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    async with chromium.tab(path, tmp_path / "profile") as tab:
        yield tab
        assert tab.errors == []
        assert tab.dialogs == []
