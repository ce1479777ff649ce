"""Certificates, good and bad, of an authority made for the tests."""

import datetime as dt
import ssl
from pathlib import Path
from typing import Final

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST: Final = "127.0.0.1"
PAST: Final = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
NEAR_PAST: Final = dt.datetime(2019, 8, 7, 6, 5, 4, tzinfo=dt.UTC)
FUTURE: Final = dt.datetime(2098, 7, 6, 5, 4, 3, tzinfo=dt.UTC)
EVIL_NAME: Final = "\x1b[2J[red]\u202eevil\x9b1m"
FAR_FUTURE: Final = dt.datetime(2099, 8, 7, tzinfo=dt.UTC)


class Certificates:
    """Server contexts by name; `ca_file` is the authority that a client is to trust."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA(organization_name="The Tests' Own Authority")
        self.ca_file = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.ca_file))
        stranger = trustme.CA(organization_name="Somebody Else's Authority")
        self.contexts = {
            "good": _context(self.authority.issue_cert(HOST)),
            "expired": _context(self.authority.issue_cert(HOST, not_before=PAST, not_after=NEAR_PAST)),
            "not yet": _context(self.authority.issue_cert(HOST, not_before=FUTURE, not_after=FAR_FUTURE)),
            "other name": _context(self.authority.issue_cert("other.example", "another.example")),
            "other address": _context(self.authority.issue_cert("127.0.0.99")),
            "untrusted": _context(stranger.issue_cert(HOST)),
            "many names": _context(self.authority.issue_cert(*(f"{n}.example" for n in range(9)))),
            "self-signed": _self_signed(folder, "alone.example"),
            "evil name": _self_signed(folder, EVIL_NAME, named=False),
        }


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _self_signed(folder: Path, common_name: str, *, named: bool = True) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(PAST)
        .not_valid_after(FAR_FUTURE)
    )
    if named:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / f"{key.public_key().public_numbers().x}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
