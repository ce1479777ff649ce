"""Standard output, for what is written at once."""

from collections.abc import Callable

from allup.cli.environment import Environment
from allup.report.output import OutputError
from allup.report.sink import Sink
from allup.report.stdout import PipeWriter


async def written(environment: Environment, write: Callable[[Sink], object]) -> bool:
    """Have `write` write to standard output; False where its reader has gone away. Raises OutputError."""
    stdout = PipeWriter(environment.stdout_fd, encoding=environment.stdout_encoding)
    try:
        write(stdout)
        await stdout.aclose()
    except BrokenPipeError:
        return False
    except OSError as error:
        raise OutputError(f"cannot write standard output: {error.strerror}") from error
    return True
