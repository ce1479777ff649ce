"""Where options are read from that are not on the command line."""

import functools
import inspect
from collections.abc import Callable
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, Final

import typer

_PANEL: Final = "Configuration"

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        is_eager=True,
        rich_help_panel=_PANEL,
        show_default="allup.toml or pyproject.toml, here or above",
        help="Take options from this file (TOML).",
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option("--no-config", is_eager=True, rich_help_panel=_PANEL, help="Take options from no file."),
]
CONFIG_FILE: Final = "config_file"
NO_CONFIG: Final = "no_config"


def configurable(command: Callable[..., None]) -> Callable[..., None]:
    """Return `command` with the options of this module, which `Configurable` heeds before the command is called."""
    added = {CONFIG_FILE: (ConfigFile, None), NO_CONFIG: (NoConfig, False)}

    @functools.wraps(command)
    def configured(**values: Any) -> None:
        command(**{name: value for name, value in values.items() if name not in added})

    own = inspect.signature(command).parameters.values()
    more = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in added.items()
    ]
    configured.__signature__ = inspect.Signature([*own, *more])  # type: ignore[attr-defined]
    configured.__annotations__ = {one.name: one.annotation for one in (*own, *more)}
    return configured
