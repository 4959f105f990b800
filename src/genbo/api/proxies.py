"""Proxies (中継): what stands before the service ends TLS, and says of a request where it came from.

given a request
├── when it comes from an address that is not trusted: it is from there and has no certificate, whatever its headers say
└── when it comes from a trusted one
    ├── address: the last of `X-Forwarded-For` that is not itself trusted
    └── certificate, where the header that carries it is configured
        ├── the header is missing or empty: none
        ├── it holds one certificate, as RFC 9440 writes it or as a percent-encoded PEM: that one
        └── it holds anything else, or stands twice: `certificate_differs`

The server must not rewrite the address of a request itself (uvicorn: `proxy_headers=False`). A proxy must remove both
headers from what it is sent.
"""

import base64
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import unquote

from fastapi import Request

from genbo.governance.users import certificate_of
from genbo.kernel import Reason, Refusal

_LONGEST = 32_768
"""Characters of a header with a certificate."""


@dataclass(frozen=True, slots=True)
class Proxies:
    """Which proxies are believed, and the header in which they pass the client's certificate."""

    trusted: tuple[IPv4Network | IPv6Network, ...] = ()
    certificate_header: str | None = None

    def address(self, request: Request) -> str:
        """From where the request came; empty where the connection has no address."""
        here = request.client.host if request.client else ""
        if not self._is_trusted(here):
            return here
        named = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
        for each in reversed([one.strip() for one in named if one.strip()]):
            if not self._is_trusted(each):
                return each[:64]
        return here

    def certificate(self, request: Request) -> str | None:
        """Thumbprint of the client's certificate (`x5t#S256`); None where it has none.

        Raises:
            Refusal: `certificate_differs` when a trusted proxy passes what is no certificate.
        """
        here = request.client.host if request.client else ""
        if self.certificate_header is None or not self._is_trusted(here):
            return None
        passed = [one for one in request.headers.getlist(self.certificate_header) if one.strip()]
        if not passed:
            return None
        if len(passed) > 1 or len(passed[0]) > _LONGEST:
            raise Refusal(Reason.CERTIFICATE_DIFFERS)
        return _thumbprint(passed[0].strip())

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.trusted)


def _thumbprint(header: str) -> str:
    try:
        if header.startswith(":") and header.endswith(":"):
            return certificate_of(base64.b64decode(header[1:-1], validate=True))
        return certificate_of(unquote(header, errors="strict").encode())
    except (Refusal, ValueError):
        raise Refusal(Reason.CERTIFICATE_DIFFERS) from None
