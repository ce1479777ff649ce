"""One worker on every URL that standard input names, in a process of its own; run by its test.

Prints one object: the outcomes in the list's order, the seconds, and the most memory in bytes.
"""

import json
import resource
import sys
from pathlib import Path

from allup import CheckSettings, HttpSettings, checking
from allup.run.loop import run_loop


async def main(lines: list[str], ca_file: Path) -> None:
    settings = CheckSettings(concurrency=len(lines), dedupe=False, http=HttpSettings(ca_file=ca_file))
    async with checking(lines, settings) as results:
        found = [result async for result in results]
        wall_s = results.summary.wall_s
    outcomes = [[one.verdict, one.failure and one.failure.kind] for one in found]
    most_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"outcomes": outcomes, "wall_s": wall_s, "most_bytes": most_bytes}))  # noqa: T201


if __name__ == "__main__":
    run_loop(main(sys.stdin.read().splitlines(), Path(sys.argv[1])))
