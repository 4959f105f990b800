"""Webhooks: addresses of institutions' systems that notices are posted to (通知の送信先), each product in its order.

    a notice of a product
    ├── is answered 2xx within the time limit: it is delivered, the next one follows
    ├── is not: it is tried again, later and later, and holds back the later ones of its product, and no others
    ├── is not, at the last try: it is a dead letter (配信不能), and the next one follows; it can be replayed
    └── nothing was delivered for days: the webhook is deactivated; what it missed waits for it

At least once: a process that ends between the answer and its note delivers again. The id is the same.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, TypeAlias
from urllib.parse import urlsplit

from genbo.governance.institutions import InstitutionId
from genbo.kernel import ProductId, Reason, Refusal

WebhookId = NewType("WebhookId", str)
"""Webhook ID: `wh_` and 24 hexadecimal digits, never used again."""

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST: Final = 10
"""Webhooks of an institution that are not deleted."""

ANSWER_SECONDS: Final = 10.0
"""How long the other side may take, from the look-up of its name to the last header of its answer."""

OVERLAP: Final = timedelta(hours=24)
"""How long the secret before counts beside the new one."""

DELAYS: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=14),
)
"""After each failed try but the last: eight tries over most of a day."""

SILENT_FOR: Final = timedelta(days=3)
"""After how long without any delivery a webhook is deactivated, when a further notice becomes a dead letter."""

_JITTER: Final = 0.2
_LONGEST_URL = 500
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")
"""What a name of the Internet can be, in small letters; whether there is one is asked at each delivery."""


class WebhookState(StrEnum):
    """Whether it is posted to."""

    ACTIVE = "active"
    """有効."""
    PAUSED = "paused"
    """休止: by its owner; what comes meanwhile waits."""
    DEACTIVATED = "deactivated"
    """停止: by us, after days of failure; its owner makes it active again, and nothing was lost."""
    DELETED = "deleted"
    """削除."""


class DeliveryState(StrEnum):
    """What became of a notice that was posted."""

    DELIVERED = "delivered"
    """配信済: answered 2xx."""
    WAITING = "waiting"
    """再送待: failed, and tried again."""
    DEAD = "dead"
    """配信不能: the last try failed; it is replayed when somebody says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that notices are posted to."""

    id: WebhookId
    institution: InstitutionId
    url: str
    types: tuple[str, ...]
    """Types and families of notices; none: all."""
    products: tuple[ProductId, ...]
    """Products; none: all, and what is about no product."""
    state: WebhookState
    secret_number: int
    """Which of its secrets counts: 1, 2, 3 in the order in which they were made."""
    previous_until: datetime | None
    """Until when the secret before that one counts too."""
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    def secret_names(self, *, at: datetime) -> tuple[str, ...]:
        """Under which names the vault keeps the secrets in force, the newest first."""
        numbers = [self.secret_number]
        if self.previous_until is not None and at < self.previous_until:
            numbers.append(self.secret_number - 1)
        return tuple(secret_name(self.id, number) for number in numbers)


def secret_name(webhook: WebhookId, number: int) -> str:
    """Under which name the vault keeps a secret."""
    return f"webhook:{webhook}:{number}"


def require_url(url: str, *, development: bool, networks: Sequence[IpNetwork] = ()) -> None:
    """Nothing, when notices may be posted to the address. To where its name leads is asked at each delivery.

    Raises:
        Refusal: `webhook_url_refused`.
    """
    if (
        len(url) > _LONGEST_URL
        or not url.isascii()
        or any(sign <= " " or sign > "~" for sign in url)
    ):
        raise _refused("too long, or not ASCII without spaces")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _refused("no address") from None
    if not host or parts.fragment or "@" in parts.netloc:
        raise _refused("no plain address: no user, no password, no fragment")
    if parts.scheme == "http":
        if not development:
            raise _refused("must begin with https")
        if host != "localhost" and not _is_loopback(host):
            raise _refused("must begin with https: http is for the same machine")
    elif parts.scheme != "https":
        raise _refused("must begin with https")
    literal = _literal(host)
    if literal is None and not _HOST.fullmatch(host):
        raise _refused("no name that a host can have")
    if literal is not None:
        require_reachable([literal], development=development, networks=networks)


def require_reachable(
    addresses: Sequence[IpAddress], *, development: bool, networks: Sequence[IpNetwork] = ()
) -> None:
    """Nothing, when every address that a name leads to may be connected to: it is public, or in `networks`, or, on a
    development chain, this machine. One that may not is enough for a refusal: the name decides which one answers.

    Raises:
        Refusal: `webhook_url_refused`.
    """
    if not addresses:
        raise _refused("its name leads nowhere")
    for each in addresses:
        plain = _plain(each)
        if any(plain.version == network.version and plain in network for network in networks):
            continue
        if development and plain.is_loopback:
            continue
        if not plain.is_global or plain.is_multicast or plain in _TRANSLATED:
            raise _refused("leads into a network that is not public")


def next_try(tries: int, *, at: datetime, jitter: float) -> datetime | None:
    """When it is tried again after so many failed tries, a little earlier or later by `jitter` (0 to 1), so that what
    failed together does not come back together; None after the last."""
    if tries > len(DELAYS):
        return None
    return at + DELAYS[tries - 1] * (1 + _JITTER * (2 * jitter - 1))


def is_silent(failing_since: datetime, last_delivered: datetime | None, *, at: datetime) -> bool:
    """Whether nothing has been delivered for so long that the webhook is to be deactivated."""
    since = failing_since if last_delivered is None else max(failing_since, last_delivered)
    return at - since >= SILENT_FOR


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""NAT64: stands for any IPv4 address, private ones too."""


def _plain(address: IpAddress) -> IpAddress:
    """The address that is meant: one of version 4 may come in the clothes of version 6."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return literal is not None and literal.is_loopback


def _refused(problem: str) -> Refusal:
    return Refusal(Reason.WEBHOOK_URL_REFUSED, problem=problem)
