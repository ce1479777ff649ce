"""The authority that the origins' certificates are from."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Files in PEM: whom to trust, and the certificate of 127.0.0.1 with its key, both on P-256."""

    ca_file: Path
    certificate: Path

    @classmethod
    def found(cls, directory: Path) -> "Authority":
        """Make an authority of its own in `directory`."""
        authority = trustme.CA()
        ca_file, certificate = directory / "ca.pem", directory / "origin.pem"
        authority.cert_pem.write_to_path(str(ca_file))
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
        return cls(ca_file=ca_file, certificate=certificate)
