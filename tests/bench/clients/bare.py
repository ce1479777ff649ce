"""What aiohttp costs alone, on uvloop: workers over a list, no model, no report. Prints how many answers by status."""

import asyncio
import ssl
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import uvloop


async def work(session: aiohttp.ClientSession, urls: Iterator[str], statuses: Counter[int]) -> None:
    for url in urls:
        async with session.get(url) as response:
            await response.read()
            statuses[response.status] += 1


async def main(urls: list[str], concurrency: int, ca_file: str) -> None:
    statuses: Counter[int] = Counter()
    connector = aiohttp.TCPConnector(limit=0, ssl=ssl.create_default_context(cafile=ca_file))
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        shared = iter(urls)
        for _ in range(concurrency):
            group.create_task(work(session, shared, statuses))
    for status, count in statuses.items():
        print(status, count)  # noqa: T201


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]).read_text("utf-8").split(), int(sys.argv[2]), sys.argv[3]))
