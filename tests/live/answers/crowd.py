"""One worker on every URL that standard input names, in a process of its own; run by its test.

Prints one object: the outcomes in the list's order, the seconds, and the most memory in bytes.
"""

import json
import re
import sys
from pathlib import Path

from allup import CheckSettings, HttpSettings, LineDefaults, Request, checking
from allup.lists.entry_stream import EntryStream
from allup.model.selection import SelectionSettings
from allup.run.loop import run_loop


async def main(lines: list[str], ca_file: Path) -> None:
    settings = CheckSettings(
        concurrency=len(lines), selection=SelectionSettings(dedupe=False), http=HttpSettings(ca_file=ca_file)
    )
    entries = EntryStream(lines, LineDefaults(request=Request(retries=0)), SelectionSettings(dedupe=False))
    async with checking(entries, settings) as results:
        found = [result async for result in results]
        wall_s = results.summary.wall_s
    outcomes = [[one.verdict, one.failure and one.failure.kind] for one in found]
    print(json.dumps({"outcomes": outcomes, "wall_s": wall_s, "most_bytes": most_bytes()}))  # noqa: T201


def most_bytes() -> int:
    # Not getrusage: a process inherits the peak of the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024  # type: ignore[index]


if __name__ == "__main__":
    run_loop(main(sys.stdin.read().splitlines(), Path(sys.argv[1])))
