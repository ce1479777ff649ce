"""The judgement on what an answer holds, beside the event loop: an expression may take its time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Self

from allup.http.answer import Answer
from allup.lists.charset import text_of
from allup.model.answer import AnswerExpectation, Body
from allup.model.failure import Failure

_THREADS: Final = 2
"""More would take each other's time: what an expression may take is counted for the whole process."""


class Judges:
    """Threads that judge answers, made when the first one is needed; a context manager that ends them."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def judge(
        self, expected: AnswerExpectation, answer: Answer, body: tuple[bytes, bool] | None, limit: int
    ) -> Failure | None:
        """Return why `answer` is not as `expected`; its `body` was read as far as `limit`, and may be all of it."""

        def judged() -> Failure | None:
            failure = expected.judge_headers(lambda name: answer.headers.getall(name, ()))
            if failure is not None or body is None:
                return failure
            text = text_of(body[0], answer.headers.get("Content-Type", ""))
            return expected.judge_body(Body(text=text, complete=body[1], limit=limit))

        if expected.is_quick:
            return judged()
        self._threads = self._threads or ThreadPoolExecutor(_THREADS, thread_name_prefix="allup-judge")
        return await asyncio.get_running_loop().run_in_executor(self._threads, judged)
