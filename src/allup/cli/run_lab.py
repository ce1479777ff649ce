"""A run of `lab`: serves until it is stopped."""

import asyncio

from allup.cli.environment import Environment
from allup.cli.signals import interruptible
from allup.cli.stdout import written
from allup.lab.profiles import text_list
from allup.lab.server import serving
from allup.model.exit_code import ExitCode
from allup.model.usage import UsageError
from allup.run.loop import run_loop


def run_lab(environment: Environment, *, port: int | None) -> ExitCode:
    """Serve the lab and return the exit code; to be stopped is how it ends well."""
    try:
        return run_loop(_serve(environment, port))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


async def _serve(environment: Environment, port: int | None) -> ExitCode:
    with interruptible():
        try:
            async with serving(port=port) as lab:
                # Whoever has read enough of the list may still use the lab.
                await written(environment, lambda stdout: stdout.write(text_list(lab)))
                environment.complain(f"the lab serves at {lab.base_url}; Ctrl-C stops it")
                await asyncio.Event().wait()
        except OSError as error:
            raise UsageError(f"the lab cannot be served: {error.strerror or error}") from error
    return ExitCode.OK
