"""Posting to addresses that others chose (Webhookの送信): where a name leads is asked first, and only there is posted.

    a post
    ├── to a name that leads into a network that is not public is not made
    ├── is answered 2xx: taken
    ├── is answered otherwise, a redirect included, which nobody follows: not taken
    └── has no whole answer within the time limit, or no connection: not taken

The address that was looked at is the address that is connected to: a name that leads elsewhere a moment later gains
nothing. Of an answer only the status is read.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from genbo.governance.notices import ANSWER_SECONDS, IpAddress, IpNetwork, require_reachable
from genbo.kernel import Refusal


@dataclass(frozen=True, slots=True)
class Posted:
    """What a post came to."""

    status: int | None
    """The HTTP status; None where there was no answer."""
    problem: str | None
    """Why it was not taken, in words of ours; None where it was."""


class Poster:
    """Posts, one after the other. For one thread; closed at the end."""

    def __init__(
        self,
        *,
        development: bool,
        networks: Sequence[IpNetwork] = (),
        seconds: float = ANSWER_SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """
        Args:
            development: whether names may lead to this machine.
            networks: that they may lead into although they are not public.
            trust: whose certificates are believed; by default those that the system believes.
        """
        self._development = development
        self._networks = networks
        self._seconds = seconds
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            verify=trust or ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=seconds,
            # A connection made for one name must not serve another name of the same address.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Posts JSON to an address that `require_url` found proper."""
        return self._runner.run(self._post(httpx.URL(url), body, headers))

    # Inside --------------------------------------------------------------------------------------

    async def _post(self, url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> Posted:
        try:
            async with asyncio.timeout(self._seconds):
                addresses = await self._addresses(url)
                require_reachable(addresses, development=self._development, networks=self._networks)
                return await self._first_answer(url, addresses, body, headers)
        except TimeoutError:
            return Posted(None, f"no answer within {self._seconds:g} seconds")
        except Refusal as refusal:
            return Posted(None, f"not posted: {refusal.facts['problem']}")
        except OSError:
            return Posted(None, "its name leads nowhere")
        except httpx.ConnectError:
            return Posted(None, "no connection")
        except httpx.HTTPError:
            return Posted(None, "the connection broke before there was an answer")

    async def _addresses(self, url: httpx.URL) -> list[IpAddress]:
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, port, type=socket.SOCK_STREAM
        )
        # An address of a link has its interface behind a percent sign.
        return [ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in found]

    async def _first_answer(
        self,
        url: httpx.URL,
        addresses: Sequence[IpAddress],
        body: bytes,
        headers: Mapping[str, str],
    ) -> Posted:
        """The answer of the first of these addresses that can be connected to."""
        for number, address in enumerate(addresses, start=1):
            request = self._client.build_request(
                "POST",
                url.copy_with(host=str(address)),
                content=body,
                headers={
                    **headers,
                    "Host": url.netloc.decode(),
                    "Content-Type": "application/json",
                    "User-Agent": "genbo",
                },
                extensions={"sni_hostname": url.host},
            )
            try:
                answer = await self._client.send(request, stream=True)
            except httpx.ConnectError:
                if number == len(addresses):
                    raise
                continue
            await answer.aclose()
            taken = 200 <= answer.status_code < 300
            return Posted(answer.status_code, None if taken else f"answered {answer.status_code}")
        raise AssertionError("no address was asked")
