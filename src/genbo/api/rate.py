"""Rates (流量制限): how often a credential may ask. A bucket per credential, in the memory of each process.

It protects this process from one client, and is no quota to be counted: several processes allow several times as much.
"""

import threading
from dataclasses import dataclass

from genbo.kernel import Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """So many requests at once, and so many a second for as long as one likes."""

    burst: int = 400
    per_second: float = 200.0


SIGN_IN_LIMIT = RateLimit(burst=60, per_second=1.0)
"""Tokens that a client may fetch: each is good for minutes, and may serve all of its processes."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """The buckets of every credential that asked lately."""

    def __init__(self, limit: RateLimit, *, most: int = 10_000) -> None:
        """`most`: buckets that are kept; a full one says nothing and is let go first."""
        self._limit = limit
        self._most = most
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, credential: str, *, at: float) -> int:
        """Takes one request; how many are left at once.

        Args:
            at: seconds of a clock that never goes back.

        Raises:
            Refusal: `rate_exceeded` with the whole seconds to wait.
        """
        limit = self._limit
        with self._lock:
            bucket = self._buckets.get(credential)
            if bucket is None:
                self._let_go(at)
                bucket = self._buckets[credential] = _Bucket(float(limit.burst), at)
            left = min(
                float(limit.burst), bucket.left + max(0.0, at - bucket.at) * limit.per_second
            )
            bucket.at = max(at, bucket.at)
            if left < 1:
                bucket.left = left
                wait = (1 - left) / limit.per_second
                raise Refusal(Reason.RATE_EXCEEDED, seconds=int(wait) + 1)
            bucket.left = left - 1
            return int(bucket.left)

    def _let_go(self, at: float) -> None:
        """Makes room for one more: those that are full again, or else the one that asked longest ago."""
        if len(self._buckets) < self._most:
            return
        filled = self._limit.burst / self._limit.per_second
        full = [name for name, each in self._buckets.items() if at - each.at >= filled]
        if not full:
            full = [min(self._buckets, key=lambda name: self._buckets[name].at)]
        for name in full:
            del self._buckets[name]


class SignInRates:
    """How often a client may ask for a token, and how often an address may, whatever it calls itself.

    A client is one at its address: nobody uses up the sign-ins of another from elsewhere.
    """

    def __init__(self, limit: RateLimit) -> None:
        """`limit`: of a client at its address; the address has four times as much for all of its clients."""
        self._clients = Rates(limit)
        self._addresses = Rates(RateLimit(burst=4 * limit.burst, per_second=4 * limit.per_second))

    def take(self, client: str, address: str, *, at: float) -> None:
        """Takes one sign-in.

        Raises:
            Refusal: `rate_exceeded`.
        """
        self._addresses.take(address, at=at)
        self._clients.take(f"{address} {client[:64]}", at=at)
