"""A headless Chromium that tests drive over its DevTools protocol; nothing of it may reach the network."""

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S: Final = 60.0
_FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)

Params = dict[str, object]


def found() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """One page, and what happened in it: `requests` that it made, `dialogs` and `errors` of its script."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []

    async def listen(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._happened(told["method"], told["params"])

    def _happened(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(params["exceptionDetails"]))
            case "Log.entryAdded":
                self.errors.append(params["entry"]["text"])
            case "Page.loadEventFired":
                self._loaded.set()

    async def send(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        told = await asyncio.wait_for(answer, PATIENCE_S)
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    async def open(self, page: Path, fragment: str = "", *, width: int = 1400, height: int = 900) -> None:
        """Show `page`, and wait until its script has run."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.send(f"{domain}.enable")
        await self.size(width, height)
        self._loaded.clear()
        await self.send("Page.navigate", url=page.as_uri() + fragment)
        await asyncio.wait_for(self._loaded.wait(), PATIENCE_S)

    async def size(self, width: int, height: int, *, dark: bool = False) -> None:
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.send("Emulation.setEmulatedMedia", features=[scheme])

    async def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression comes to; a promise is waited for."""
        told = await self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def press(self, key: str, times: int = 1) -> None:
        """Press a key, as a person does."""
        text = {"Enter": "\r", " ": " "}.get(key)
        codes = {"Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowUp": 38, "ArrowDown": 40, "Tab": 9}
        its: Params = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0), **({"text": text} if text else {})}
        for _ in range(times):
            await self.send("Input.dispatchKeyEvent", type="keyDown", **its)
            await self.send("Input.dispatchKeyEvent", type="keyUp", **its)

    async def type(self, text: str) -> None:
        await self.send("Input.insertText", text=text)

    async def until(self, expression: str) -> None:
        """Wait until a JavaScript expression holds."""

        async def holds() -> bool:
            return bool(await self.evaluate(expression))

        await _eventually(holds)


@asynccontextmanager
async def tab(path: str, profile: Path) -> AsyncIterator[Tab]:
    """Start the Chromium at `path` and yield its first page."""
    process = await asyncio.create_subprocess_exec(
        *(path, *_FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(profile)},
    )
    try:
        async with aiohttp.ClientSession() as session:
            address = await _address(session, await _port(profile / "DevToolsActivePort"))
            async with session.ws_connect(address, max_msg_size=0) as socket:
                shown = Tab(socket)
                listening = asyncio.create_task(shown.listen(), name="devtools")
                yield shown
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening
    finally:
        process.terminate()
        await process.wait()


async def _eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110 - another program's doing, which tells nobody
            await asyncio.sleep(0.02)


async def _port(file: Path) -> int:
    def read() -> list[str]:
        return file.read_text().splitlines() if file.exists() else []

    async def is_written() -> bool:
        return len(await asyncio.to_thread(read)) > 1

    await _eventually(is_written)
    return int((await asyncio.to_thread(read))[0])


async def _address(session: aiohttp.ClientSession, port: int) -> str:
    async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
        pages = await answer.json()
    return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
