"""Whom the run is to be: `--auth`, `--cookie`, and the netrc file."""

import netrc
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from allup.cli.environment import Environment
from allup.lists.header import parse_header
from allup.model.settings import Credentials

_NETRC_VARIABLE: Final = "NETRC"
_HOMES: Final = ("HOME", "USERPROFILE")


def parse_credentials(text: str) -> Credentials:
    """Return what ``USER:PASSWORD`` is; raises ValueError with a message for people, which quotes none of it."""
    user, colon, password = text.partition(":")
    if not colon:
        raise ValueError("write USER:PASSWORD; the password may be empty, or ${NAME} from the environment")
    return _credentials(user, password)


def cookie_header(cookies: Sequence[str]) -> str | None:
    """Return the Cookie header that has all of `cookies`, each ``NAME=VALUE``; None where there are none.

    Raises ValueError with a message for people, which quotes no value.
    """
    for cookie in cookies:
        if "=" not in cookie:
            raise ValueError("write NAME=VALUE")
    return parse_header(f"Cookie: {'; '.join(cookies)}")[1] if cookies else None


def known_hosts(environment: Environment) -> Mapping[str, Credentials]:
    """Return the credentials of the netrc file by host, the default ones under the empty name.

    A file that cannot be read is told, and gives none: the run may well need none of it.
    """
    path = _netrc_path(environment.variables)
    if path is None:
        return {}
    try:
        machines = netrc.netrc(str(path)).hosts
        return {_host(name): _credentials(user, password) for name, (user, _, password) in machines.items()}
    except (netrc.NetrcParseError, OSError, ValueError) as error:
        # What the parser says may quote a token, and the token may be a password.
        where = f"line {error.lineno}" if isinstance(error, netrc.NetrcParseError) else "it"
        environment.complain(f"{path} is left out, since {where} cannot be read: --no-netrc does without")
        return {}


def _netrc_path(variables: Mapping[str, str]) -> Path | None:
    named = variables.get(_NETRC_VARIABLE)
    if named:
        return Path(named)
    home = next((variables[name] for name in _HOMES if variables.get(name)), None)
    usual = None if home is None else Path(home, ".netrc")
    return usual if usual is not None and os.path.isfile(usual) else None  # noqa: PTH113 - says no of what is barred


def _host(name: str) -> str:
    return "" if name == "default" else name.lower()


def _credentials(user: str, password: str) -> Credentials:
    f"{user}{password}".encode()  # raises UnicodeEncodeError, which is a ValueError
    return Credentials(user=user, password=password)
