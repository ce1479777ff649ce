"""Which proxies are used: that of `--proxy`, else those of the environment."""

from collections.abc import Mapping

from allup.lists.url import BadUrl, parse_url
from allup.model.settings import Proxies


def chosen_proxies(chosen: str | None, variables: Mapping[str, str]) -> Proxies:
    """Return `chosen`, the proxy for everything (empty: none at all), or where it is None what `variables` say.

    Of each variable, the one in small letters comes first; HTTP_PROXY in capitals is left out where
    this is a CGI script, to whom it would be anybody's header. Raises ValueError with a message for people.
    """
    if chosen is not None:
        return Proxies(always=parse_proxy(chosen) if chosen.strip() else None)
    everything = _variable("ALL_PROXY", variables)
    return Proxies(
        http=_variable("HTTP_PROXY", variables) or everything,
        https=_variable("HTTPS_PROXY", variables) or everything,
        bypass=variables.get("no_proxy") or variables.get("NO_PROXY") or "",
    )


def parse_proxy(text: str) -> str:
    """Return the URL of the proxy that `text` names; without a scheme it is http.

    Raises ValueError with a message for people, which holds no password.
    """
    text = text.strip()
    scheme, separator, _ = text.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        raise ValueError("the proxy is not http or https, and allup speaks to no other")
    try:
        return parse_url(text if separator else f"http://{text}").href
    except BadUrl as error:
        raise ValueError(f"not the URL of a proxy: {error}") from None


def _variable(name: str, variables: Mapping[str, str]) -> str | None:
    for spelling in (name.lower(), name):
        text = variables.get(spelling, "").strip()
        if text and not (spelling == "HTTP_PROXY" and "REQUEST_METHOD" in variables):
            try:
                return parse_proxy(text)
            except ValueError as error:
                raise ValueError(f"${spelling}: {error}") from None
    return None
