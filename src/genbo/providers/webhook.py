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

_CLIENTS = 20
"""Names whose connections one poster keeps."""
_REST_SECONDS = 1.0
_REST_BYTES = 65_536


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
        self._trust = trust or ssl.create_default_context()
        self._runner = asyncio.Runner()
        self._clients: dict[tuple[str, str, str], httpx.AsyncClient] = {}
        """By scheme, name and address: a connection made for one name must not serve another name of that address."""

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
        self._runner.run(self._forget(0))
        self._runner.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Posts JSON to an address that `require_url` found proper. Whatever is wrong with it is told: one address must
        not end the posting to all others."""
        return self._runner.run(self._post(url, body, headers))

    # Inside --------------------------------------------------------------------------------------

    async def _post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        try:
            url = httpx.URL(address)
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
        except (
            httpx.InvalidURL,
            ValueError,
        ):  # a name that cannot be looked up, a part that cannot be written
            return Posted(None, "its address cannot be used")
        except httpx.ConnectError:
            return Posted(None, "no connection")
        except httpx.HTTPError:
            return Posted(None, "the connection broke before there was an answer")

    async def _client(self, url: httpx.URL, address: IpAddress) -> httpx.AsyncClient:
        """Keeps its connections for a moment, so that the next notice needs no new one."""
        key = (url.scheme, url.netloc.decode(), str(address))
        client = self._clients.pop(key, None)
        if client is None:
            await self._forget(_CLIENTS - 1)
            client = httpx.AsyncClient(
                verify=self._trust, trust_env=False, follow_redirects=False, timeout=self._seconds
            )
        self._clients[key] = client  # the one that was used last stands last
        return client

    async def _forget(self, left: int) -> None:
        """Closes those that were not used for longest, until so many are left."""
        while len(self._clients) > left:
            await self._clients.pop(next(iter(self._clients))).aclose()

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
            client = await self._client(url, address)
            request = client.build_request(
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
                answer = await client.send(request, stream=True)
            except httpx.ConnectError:
                if number == len(addresses):
                    raise
                continue
            await _read_little(answer)
            taken = 200 <= answer.status_code < 300
            return Posted(answer.status_code, None if taken else f"answered {answer.status_code}")
        raise AssertionError("no address was asked")


async def _read_little(answer: httpx.Response) -> None:
    """Reads the rest of an answer, so that its connection can be used again; one that goes on and on is ended."""
    read = 0
    try:
        async with asyncio.timeout(_REST_SECONDS):
            async for part in answer.aiter_raw():
                read += len(part)
                if read > _REST_BYTES:
                    break
    except (TimeoutError, httpx.HTTPError):
        pass  # what it answered is known
    await answer.aclose()
