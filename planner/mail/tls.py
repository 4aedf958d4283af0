"""TLS: which certificates we trust, and what the errors mean."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime
from functools import cache
from typing import Any

from planner.errors import PersonNeededError
from planner.rules.retries import Cause

# Parts of OpenSSL's names of errors, with the causes; the first pattern that matches counts.
REASONS: tuple[tuple[re.Pattern[str], Cause], ...] = (
    (re.compile("WRONG_VERSION|HTTP_REQUEST|PACKET_LENGTH|RECORD_LAYER"), Cause.NOT_TLS),
    (re.compile("EOF|CLOSED|SHUTDOWN"), Cause.TLS_BROKEN_OFF),
    (
        re.compile(
            "PROTOCOL|TOO_SMALL|TOO_WEAK|TOO_SHORT|LEGACY|CIPHER|HANDSHAKE_FAILURE|INSUFFICIENT"
            "|SIGNATURE|DIGEST|CURVE|GROUP"
        ),
        Cause.TLS_TOO_OLD,
    ),
)
WORDS = {
    Cause.NOT_TLS: "the server does not speak TLS here",
    Cause.TLS_TOO_OLD: "the server's protection is too old or too weak",
}
# The causes of untrusted certificates, by OpenSSL's X509_V_ERR numbers.
VERIFIED: dict[int, Cause] = {
    9: Cause.CERTIFICATE_DATES,  # not yet valid
    10: Cause.CERTIFICATE_DATES,  # has expired
    62: Cause.CERTIFICATE_NAME,  # host name
    64: Cause.CERTIFICATE_NAME,  # IP address
    66: Cause.TLS_TOO_OLD,  # the server's key
    67: Cause.TLS_TOO_OLD,  # the authority's key
    68: Cause.TLS_TOO_OLD,  # the digest of a signature
}


@cache  # reading the system's authorities takes longer than a letter
def make_context(ca_file: str, *, check_name: bool = True) -> ssl.SSLContext:
    """Make a context that requires TLS 1.2 and always checks certificates.

    Any certificate in the user's `ca_file` is trusted, whether it is an authority's, an
    intermediate one, or the server's own.  `check_name` is off only to read a trusted
    certificate for another name; nothing is sent on such a connection.  Raises
    PersonNeededError if the `ca_file` cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise PersonNeededError(
            f"smtp.ca_file {ca_file} cannot be used: {error}.",
            hint="It must hold certificates in PEM form.",
            code="ca_file",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = check_name
    if ca_file:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def explain(error: ssl.SSLError) -> tuple[str, Cause]:
    """Return what went wrong with TLS in words, and its cause."""
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"the certificate is not trusted: {error.verify_message}"
        return words, VERIFIED.get(error.verify_code, Cause.CERTIFICATE_UNTRUSTED)
    reason = error.reason or str(error)
    fitting = (cause for pattern, cause in REASONS if pattern.search(reason))
    cause = next(fitting, Cause.TLS_BROKEN_OFF)
    return f"{WORDS.get(cause, 'no protected line')}: {reason}", cause


def names_in(certificate: dict[str, Any]) -> str:
    """Return the names that a certificate is for, at most five.

    >>> names_in({"subjectAltName": (("DNS", "mail.x.example"), ("IP Address", "127.0.0.1"))})
    'mail.x.example, 127.0.0.1'
    """
    names = [value for _, value in certificate.get("subjectAltName", ())]
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def valid_until(certificate: dict[str, Any]) -> datetime:
    """Return when a certificate expires."""
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
