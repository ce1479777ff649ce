"""How requests are made, for all targets alike: who asks, over which connections, and whom TLS trusts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from allup.cli.credentials import cookie_header, known_hosts, parse_credentials
from allup.cli.environment import Environment
from allup.cli.options.lines import EXPECTATIONS, REQUESTS
from allup.cli.options.pace import PANEL as PACE
from allup.cli.options.parsing import expanded, parser, told
from allup.cli.proxies import chosen_proxies
from allup.lists.address import parse_pin, parse_resolver
from allup.lists.header import parse_header
from allup.model.duration import parse_duration
from allup.model.settings import ClientCertificate, Credentials, Family, HttpSettings, MinTls, Pin
from allup.model.size import format_size, parse_size

CONNECTIONS: Final = "Connections"
_TLS: Final = "TLS"
_DEFAULT: Final = HttpSettings()


def _user_agent(text: str) -> str:
    return parse_header(f"User-Agent: {text}")[1]


ConnectTimeout = Annotated[
    float | None,
    typer.Option(
        "--connect-timeout",
        metavar="DURATION",
        parser=parser(parse_duration),
        rich_help_panel=PACE,
        show_default="as --timeout",
        help="For each connection: name, TCP and TLS.",
    ),
]
Auth = Annotated[
    str | None,
    typer.Option(
        "--auth",
        metavar="USER:PASSWORD",
        rich_help_panel=REQUESTS,
        show_default="$ALLUP_AUTH",
        help="Credentials (Basic) for the hosts of all targets.",
    ),
]
Netrc = Annotated[
    bool,
    typer.Option(
        "--netrc/--no-netrc",
        rich_help_panel=REQUESTS,
        help="Where nothing else does, take credentials from $NETRC or ~/.netrc.",
    ),
]
Cookies = Annotated[
    list[str] | None,
    typer.Option(
        "--cookie",
        "-b",
        metavar="NAME=VALUE",
        rich_help_panel=REQUESTS,
        show_default=False,
        help="Cookie for the hosts of all targets; may be repeated.",
    ),
]
UserAgent = Annotated[
    str,
    typer.Option(
        "--user-agent",
        metavar="TEXT",
        parser=parser(_user_agent),
        rich_help_panel=REQUESTS,
        help="What to be known as.",
    ),
]
MaxRedirects = Annotated[
    int,
    typer.Option(
        "--max-redirects", metavar="N", min=0, max=100, rich_help_panel=REQUESTS, help="Redirects to follow at most."
    ),
]
MaxBody = Annotated[
    int,
    typer.Option(
        "--max-body",
        metavar="SIZE",
        parser=parser(parse_size),
        rich_help_panel=EXPECTATIONS,
        show_default=format_size(_DEFAULT.max_body),
        help="Of a body that is looked into, read no more than that: 64KiB, 10MiB.",
    ),
]
Proxy = Annotated[
    str | None,
    typer.Option(
        "--proxy",
        metavar="URL",
        rich_help_panel=CONNECTIONS,
        show_default="$HTTPS_PROXY, $HTTP_PROXY, $ALL_PROXY but for $NO_PROXY",
        help="Proxy (http or https) for everything; an empty one for none at all.",
    ),
]
Resolve = Annotated[
    list[Pin] | None,
    typer.Option(
        "--resolve",
        metavar="HOST:PORT:ADDRESS[,...]",
        parser=parser(parse_pin),
        rich_help_panel=CONNECTIONS,
        show_default=False,
        help="Connect to these addresses for a host (* is any) and port; may be repeated.",
    ),
]
Resolver = Annotated[
    list[str] | None,
    typer.Option(
        "--resolver",
        metavar="ADDRESS[:PORT]",
        parser=parser(parse_resolver),
        rich_help_panel=CONNECTIONS,
        show_default="the system's",
        help="DNS server to ask; may be repeated.",
    ),
]
Ipv4 = Annotated[
    bool, typer.Option("--ipv4/--no-ipv4", "-4", rich_help_panel=CONNECTIONS, help="Connect to IPv4 addresses only.")
]
Ipv6 = Annotated[
    bool, typer.Option("--ipv6/--no-ipv6", "-6", rich_help_panel=CONNECTIONS, help="Connect to IPv6 addresses only.")
]
Insecure = Annotated[
    bool, typer.Option("--insecure/--no-insecure", "-k", rich_help_panel=_TLS, help="Do not verify certificates.")
]
CaFile = Annotated[
    Path | None,
    typer.Option(
        "--ca-file",
        metavar="PATH",
        rich_help_panel=_TLS,
        show_default=False,
        help="Trust these authorities (PEM) only.",
    ),
]
Cert = Annotated[
    Path | None,
    typer.Option(
        "--cert",
        metavar="PATH",
        rich_help_panel=_TLS,
        show_default=False,
        help="Certificate (PEM) to show to servers that ask for one.",
    ),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="PATH",
        rich_help_panel=_TLS,
        show_default="in the file of --cert",
        help="Private key (PEM) of --cert.",
    ),
]
MinTlsVersion = Annotated[
    MinTls | None,
    typer.Option(
        "--min-tls", rich_help_panel=_TLS, show_default="what OpenSSL allows", help="Oldest version of TLS to speak."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFlags:
    """What holds for every request of a run."""

    connect_timeout: ConnectTimeout = _DEFAULT.connect_timeout_s
    auth: Auth = None
    netrc: Netrc = True
    cookie: Cookies = None
    user_agent: UserAgent = _DEFAULT.user_agent
    max_redirects: MaxRedirects = _DEFAULT.max_redirects
    max_body: MaxBody = _DEFAULT.max_body
    proxy: Proxy = None
    resolve: Resolve = None
    resolver: Resolver = None
    ipv4: Ipv4 = False
    ipv6: Ipv6 = False
    insecure: Insecure = _DEFAULT.insecure
    ca_file: CaFile = _DEFAULT.ca_file
    cert: Cert = None
    key: Key = None
    min_tls: MinTlsVersion = _DEFAULT.min_tls

    def settings(self, environment: Environment) -> HttpSettings:
        """Return what was asked for, or the environment says; raises typer.BadParameter."""
        self._check()
        variables = environment.variables
        proxy = None if self.proxy is None else told(lambda: expanded(self.proxy or "", variables), "--proxy")
        return HttpSettings(
            connect_timeout_s=self.connect_timeout,
            user_agent=self.user_agent,
            max_redirects=self.max_redirects,
            max_body=self.max_body,
            auth=self._credentials(environment),
            netrc=known_hosts(environment) if self.netrc else {},
            cookie=self._cookie(environment),
            insecure=self.insecure,
            ca_file=self.ca_file,
            client_cert=None if self.cert is None else ClientCertificate(cert=self.cert, key=self.key),
            min_tls=self.min_tls,
            proxies=told(lambda: chosen_proxies(proxy, variables), "--proxy"),
            pins=tuple(self.resolve or ()),
            resolvers=tuple(self.resolver or ()),
            family=Family.IPV4 if self.ipv4 else Family.IPV6 if self.ipv6 else None,
        )

    def _check(self) -> None:
        if self.insecure and self.ca_file is not None:
            raise typer.BadParameter("--insecure verifies nothing: leave it out, or --ca-file")
        if self.key is not None and self.cert is None:
            raise typer.BadParameter("--key belongs to a certificate: name it with --cert")
        if self.ipv4 and self.ipv6:
            raise typer.BadParameter("-4 and -6 leave no address: both is what happens without them")

    def _credentials(self, environment: Environment) -> Credentials | None:
        variables = environment.variables
        text = self.auth
        return None if text is None else told(lambda: parse_credentials(expanded(text, variables)), "--auth")

    def _cookie(self, environment: Environment) -> str | None:
        texts = self.cookie or ()
        return told(lambda: cookie_header([expanded(text, environment.variables) for text in texts]), "--cookie")
