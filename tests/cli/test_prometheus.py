"""Prometheus itself scrapes a watch."""

import json
import re
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import PATIENCE_S, eventually, outcome_of, started

PROMETHEUS = shutil.which("prometheus")
CONFIGURATION = """
global: {{scrape_interval: 100ms, scrape_timeout: 100ms}}
scrape_configs:
  - job_name: allup
    static_configs: [{{targets: ["{address}"]}}]
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROMETHEUS is None, reason="there is no prometheus here"),
]


@contextmanager
def scraping(address: str, directory: Path) -> Iterator[str]:
    """Prometheus, which scrapes `address`; yields where its API is."""
    (directory / "prometheus.yml").write_text(CONFIGURATION.format(address=address))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [
        f"--config.file={directory}/prometheus.yml",
        f"--storage.tsdb.path={directory}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (directory / "log").open("w") as log, subprocess.Popen([str(PROMETHEUS), *arguments], stderr=log) as child:
        try:
            yield f"http://127.0.0.1:{port}/api/v1/query"
        finally:
            child.kill()


def asked(api: str, query: str) -> dict[str, float]:
    """What a query comes to by now, by URL."""
    try:
        with urllib.request.urlopen(f"{api}?{urllib.parse.urlencode({'query': query})}", timeout=PATIENCE_S) as answer:
            result = json.load(answer)["data"]["result"]
    except (urllib.error.URLError, ConnectionError):  # it has only begun
        return {}
    return {one["metric"].get("url", ""): float(one["value"][1]) for one in result}


def test_it_is_scraped_by_prometheus(lab: Lab, tmp_path: Path) -> None:
    up, down = f"{lab.base_url}/ok", f"{lab.base_url}/status/404"
    with started("watch", up, down, "--every", "100ms", "--metrics", ":0") as child:
        assert child.stderr is not None
        (address,) = re.findall(r"127\.0\.0\.1:\d+", child.stderr.readline())
        with scraping(address, tmp_path) as api:
            eventually(lambda: asked(api, "allup_up") == {up: 1.0, down: 0.0})
            eventually(lambda: asked(api, f'allup_polls_total{{url="{up}",verdict="ok"}}').get(up, 0) > 10)
            quantile = "histogram_quantile(0.5, rate(allup_poll_duration_seconds_bucket[30s]))"
            eventually(lambda: 0 < asked(api, quantile).get(up, 0) < 1)
            assert asked(api, "up") == {"": 1.0}
            assert asked(api, 'allup_failure{kind="status"}') == {down: 1.0}
        child.send_signal(signal.SIGTERM)
        assert outcome_of(child).code == 0
