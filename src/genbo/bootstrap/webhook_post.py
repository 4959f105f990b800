"""Posting notices (通知の送信): whatever is due goes out, several at a time, each product of a webhook in its order.

    a notice that is due
    ├── is held by another thread or process: left to it
    ├── is taken by the other side: noted, and the next one of its product follows
    └── is not: noted, and tried again later, or a dead letter after the last try

The row that holds it is held from before the post until the outcome is committed. A process that ends between the two
frees the row, and the notice goes out again under the same id: at least once.
"""

import json
import queue
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.chain.networks import is_development
from genbo.governance.notices import (
    ANSWER_SECONDS,
    Claimed,
    Due,
    Notice,
    Outcome,
    Webhook,
    signed_headers,
)
from genbo.kernel import UTC, Fault, Reason
from genbo.storage.bell import Bell
from genbo.storage.notices import TOLD
from genbo.storage.webhook_deliveries import WebhookDeliveries
from genbo.storage.webhooks import Webhooks

if TYPE_CHECKING:
    from genbo.providers.webhook import Poster

WORKERS = 6
"""Posts that are under way at once; each holds a connection to the database."""

PER_WEBHOOK = 3
"""Of them, those of one webhook: one that stalls leaves room for others."""

IN_A_ROW = 50
"""Notices of a product that one thread posts before others get their turn."""

_LOOK_SECONDS = 1.0
"""How often is looked for what no bell announced: a try whose time has come."""

_LOOKED_AT = 100
"""What is due that is looked at together."""

_BY = "genbo"


def _now() -> datetime:
    return datetime.now(UTC)


class PostNotices:
    """Posts what is due for one deployment."""

    def __init__(
        self,
        office: Office,
        *,
        now: Callable[[], datetime] = _now,
        jitter: Callable[[], float] = random.random,
        workers: int = WORKERS,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        """
        Args:
            now: the clock on the wall, not that of the chain: the other side compares timestamps with its own.
            jitter: 0 to 1, how much earlier or later than usual the next try comes.
        """
        self._office = office
        self._now = now
        self._jitter = jitter
        self._workers = workers
        self._seconds = seconds
        self._under_way: set[Due] = set()
        self._guard = threading.Lock()
        self._ending = False
        self._failed: BaseException | None = None

    def turn(self) -> int:
        """Posts everything that is due now, here and one after the other; how many posts that were."""
        posts = 0
        with self._poster() as poster:
            while due := self._due(most=_LOOKED_AT, each=_LOOKED_AT):
                before = posts
                for each in due:
                    while self._deliver(each, poster):
                        posts += 1
                if posts == before:
                    break  # others are at what is left, or nothing of it was wanted
        return posts

    def work(self, stop: threading.Event) -> None:
        """Posts what is due until `stop`.

        Raises:
            Fault: `database_unreachable` and its like; what was under way is tried again.
        """
        waiting: queue.SimpleQueue[Due | None] = queue.SimpleQueue()
        threads = [
            threading.Thread(target=self._serve, args=(waiting,), name=f"genbo webhook {number}")
            for number in range(self._workers)
        ]
        self._failed, self._ending = None, False
        bell = Bell(self._office.house.database, TOLD)
        for thread in threads:
            thread.start()
        try:
            while not stop.is_set() and self._failed is None:
                if not self._give_out(waiting):
                    bell.wait(_LOOK_SECONDS)
        finally:
            self._ending = True
            for _ in threads:
                waiting.put(None)
            for thread in threads:
                thread.join()
            self._under_way.clear()
            bell.close()
        if self._failed is not None:
            raise self._failed

    # Inside --------------------------------------------------------------------------------------

    def _give_out(self, waiting: queue.SimpleQueue[Due | None]) -> bool:
        """Gives the threads what is due, as much as they can begin with; whether there was anything."""
        with self._guard:
            busy = set(self._under_way)
        room = self._workers - len(busy)
        if room <= 0:
            return False
        posts = Counter(each.webhook for each in busy)
        given: list[Due] = []
        for each in self._due(most=_LOOKED_AT, each=len(busy) + PER_WEBHOOK):
            if each in busy or posts[each.webhook] >= PER_WEBHOOK:
                continue
            posts[each.webhook] += 1
            given.append(each)
            if len(given) == room:
                break
        with self._guard:
            self._under_way |= set(given)
        for each in given:
            waiting.put(each)
        return bool(given)

    def _due(self, *, most: int, each: int) -> list[Due]:
        with self._office.house.database.begin() as connection:
            return WebhookDeliveries(connection).due(at=self._now(), most=most, each=each)

    def _serve(self, waiting: queue.SimpleQueue[Due | None]) -> None:
        """One thread: posts what it is given until it is told to end."""
        try:
            with self._poster() as poster:
                while (due := waiting.get()) is not None:
                    for _ in range(IN_A_ROW):
                        if self._ending or not self._deliver(due, poster):
                            break
                    with self._guard:
                        self._under_way.discard(due)
        except BaseException as failed:
            self._failed = failed

    def _deliver(self, due: Due, poster: "Poster") -> bool:
        """Posts one notice and keeps the outcome; whether there was one to post."""
        with self._office.house.database.begin() as connection:
            deliveries = WebhookDeliveries(connection)
            claimed = deliveries.claim(due, at=self._now())
            if claimed is None:
                return False
            secrets = self._secrets(connection, claimed)
            at = self._now()
            body = body_of(claimed.notice)
            headers = signed_headers(claimed.notice.id, body, secrets=secrets, at=at)
            posted = poster.post(claimed.webhook.url, body, headers)
            outcome = Outcome(
                delivered=posted.problem is None, status=posted.status, problem=posted.problem
            )
            silent = deliveries.note(claimed, outcome, at=self._now(), jitter=self._jitter())
            if silent:
                Webhooks(connection).deactivate(claimed.webhook.id, at=self._now(), by=_BY)
            else:
                # A database that loses its power forgets it, and the notice goes out again.
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        return True

    def _secrets(self, connection: Connection, claimed: Claimed) -> list[bytes]:
        return secrets_of(self._office, connection, claimed.webhook, at=self._now())

    def _poster(self) -> "Poster":
        from genbo.providers.webhook import Poster  # its libraries take a moment to load

        return Poster(
            development=is_development(self._office.deployment.chain_id),
            networks=self._office.house.webhook_networks,
            seconds=self._seconds,
        )


def body_of(notice: Notice) -> bytes:
    """The notice as it is posted: the bytes that are signed."""
    return json.dumps(notice.document(), separators=(",", ":"), ensure_ascii=False).encode()


def secrets_of(
    office: Office, connection: Connection, webhook: Webhook, *, at: datetime
) -> list[bytes]:
    """The secrets of a webhook that are in force, the newest first.

    Raises:
        Fault: as `VaultSecrets.get`; `invariant_broken` when one is gone.
    """
    found = [
        office.house.vault.secrets.get(connection, name) for name in webhook.secret_names(at=at)
    ]
    secrets = [each for each in found if each is not None]
    if len(secrets) < len(found):
        raise Fault(Reason.INVARIANT_BROKEN, problem=f"a secret of {webhook.id} is gone")
    return secrets
