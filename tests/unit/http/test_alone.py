"""aiohttp in a process of allup's own: its import reads no authorities, and later ones are read as ever."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import trustme

SCRIPT: Final = """
import json, ssl
from allup.http.alone import import_aiohttp

import_aiohttp()
from aiohttp import connector

contexts = connector._SSL_CONTEXT_VERIFIED, connector._SSL_CONTEXT_UNVERIFIED, ssl.create_default_context()
print(json.dumps([context.cert_store_stats()["x509_ca"] for context in contexts]))
"""


def test_authorities_are_read_for_contexts_of_ours_alone(tmp_path: Path) -> None:
    """What aiohttp makes at its import stays empty; what is made afterwards trusts whom the machine trusts."""
    authorities = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(authorities))
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "SSL_CERT_FILE": str(authorities), "SSL_CERT_DIR": str(tmp_path)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(ran.stdout) == [0, 0, 1]
