"""Certificates for servers on loopback, made new for each run."""

import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class Certificate(NamedTuple):
    """`file` is what a client trusts (`smtp.ca_file`), `context` what a server serves with.

    `pem` has the server's key and certificate, which is good `until` then.
    """

    file: str
    context: ssl.SSLContext
    pem: bytes
    until: dt.datetime


class Authority:
    """A certificate authority of the tests' own, in a folder; `file` has its certificate."""

    def __init__(self, folder, name="An authority for tests", *, under=None):
        """`under` is the authority that vouches for this one; else it does so itself."""
        self._folder, self._name, self._key = folder, _name(name), _new_key()
        over = under or self
        made = _made(self._name, over._name, self._key.public_key(), over._key, days=1, ca=True)
        self.file = str(folder / f"{name}.pem")
        Path(self.file).write_bytes(_pem(made))

    def certificate(self, host=HOST, *, days=1, key=None):
        """One for a host, good for so many days; with negative days it is over."""
        key = key or _new_key()
        made = _made(_name(host), self._name, key.public_key(), self._key, days=days, host=host)
        return _certificate(self.file, self._folder / f"{host}{days}.pem", made, key)


def self_signed(folder, host=HOST):
    """One that vouches for itself, as a small server has."""
    key, name = _new_key(), _name(host)
    made = _made(name, name, key.public_key(), key, days=1, host=host, ca=True)
    file = folder / "cert.pem"
    return _certificate(str(file), file, made, key)


def weak_key():
    """One of 1,024 bits, which is too weak to be trusted."""
    return rsa.generate_private_key(65537, 1024)  # noqa: S505


def _new_key():
    return ec.generate_private_key(ec.SECP256R1())


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _made(subject, issuer, public, signer, *, days, host="", ca=False):
    now = dt.datetime.now(dt.UTC)
    # An authority signs certificates, which strict clients want to be told.
    usage = x509.KeyUsage(True, *[False] * 4, ca, *[False] * 3)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1 + abs(days)))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if host:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(made):
    return made.public_bytes(serialization.Encoding.PEM)


def _certificate(trusted, file, made, key):
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = secret + _pem(made)  # the key first, as Postfix wants it
    file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # what is too weak is for the client to say
    context.load_cert_chain(file)
    return Certificate(trusted, context, pem, made.not_valid_after_utc)
