"""Notices (通知): whatever became final on the ledger or was done in the office is told to whom it concerns.

    a step, in one transaction, by one process at a time
    ├── says what of the ledger was taken back although it was final, and goes back there
    ├── reads what has become final since, up to some thousand logs, then some thousand audit entries
    ├── writes what each institution is told of it, numbered
    └── puts the cursor behind it

A process that is killed anywhere neither forgets nor repeats anything. What has been told is not told again when the
register is made anew, for it comes from what the ledger said and not from what was derived of it.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from genbo.bootstrap.ledger_notices import LedgerNotices
from genbo.bootstrap.office import Office
from genbo.bootstrap.office_notices import TOLD, OfficeNotices
from genbo.chain.decode import Decoder
from genbo.chain.node import RawLog
from genbo.chain.platform_events import said
from genbo.governance.institutions import ProductParties
from genbo.governance.notices import Audience, NoticeType, Telling
from genbo.kernel import Address, ProductId
from genbo.register import LedgerEvent
from genbo.storage.cursor import Cursors
from genbo.storage.events import Events, RawEvent
from genbo.storage.notice_sources import Done, NoticeSources, TakenBack
from genbo.storage.notices import NoticeCursor, Notices
from genbo.storage.parties import Parties
from genbo.storage.products import Products

LOGS = 4_000
"""Logs of one step, about; whole blocks."""
ENTRIES = 5_000
"""Audit entries of one step."""

_MARKET: Mapping[str, NoticeType] = {
    "opened": NoticeType.MARKET_OPENED,
    "closed": NoticeType.MARKET_CLOSED,
    "stopped": NoticeType.MARKET_STOPPED,
    "resumed": NoticeType.MARKET_RESUMED,
    "group": NoticeType.MARKET_GROUP,
}


class TellNotices:
    """Tells what is to be told. A `Routine`."""

    def __init__(self, office: Office, *, logs: int = LOGS, entries: int = ENTRIES) -> None:
        self._office = office
        self._logs = logs
        self._entries = entries

    def step(self) -> bool:
        """Whether anything got further; False also while another process is at it."""
        with self._office.house.database.begin() as connection:
            return self._step(connection)

    # Inside --------------------------------------------------------------------------------------

    def _step(self, connection: Connection) -> bool:
        deployment = self._office.deployment
        notices = Notices(connection)
        before = notices.claim(deployment.chain_id, first_block=deployment.first_block)
        if before is None:
            return False
        sources = NoticeSources(connection, deployment.chain_id)
        # Asked first: what is taken back after this question stands behind it in the audit chain, for the next step.
        last, back = sources.taken_back(before.rollback_number)
        if back is not None and back.to_block + 1 >= before.next_block:
            back = None  # nothing of it was told
        first = before.next_block if back is None else back.to_block + 1
        next_block, raw = self._read(connection, sources, first)
        number, entries = sources.done(before.audit_number, TOLD, most=self._entries)
        after = NoticeCursor(next_block=next_block, audit_number=number, rollback_number=last)
        if after == before:
            return False
        if back or raw or entries:
            tellings = self._tellings(connection, sources, raw, entries, back)
            notices.tell(list(tellings))
        notices.move(deployment.chain_id, after)
        return after.next_block > before.next_block or number > before.audit_number

    def _read(
        self, connection: Connection, sources: NoticeSources, first: int
    ) -> tuple[int, Sequence[RawEvent]]:
        """The next logs that are final, and the block to go on with."""
        chain_id = self._office.deployment.chain_id
        cursor = Cursors(connection, chain_id).get()
        if cursor is None or cursor.final is None or cursor.final.number < first:
            return first, ()
        last = sources.block_after(first, cursor.final.number, most=self._logs)
        return last + 1, Events(connection, chain_id).standing(first, last)

    def _tellings(
        self,
        connection: Connection,
        sources: NoticeSources,
        raw: Sequence[RawEvent],
        entries: Sequence[Done],
        back: TakenBack | None,
    ) -> Iterator[Telling]:
        tokens = Products(connection).tokens(self._office.deployment.chain_id)
        products = {
            *(tokens[each.address] for each in raw if each.address in tokens),
            *(each.product for each in entries if each.product is not None),
        }
        parties: Mapping[ProductId, ProductParties] = Parties(connection).product_parties(products)
        audience = Audience(Parties(connection).institutions())
        if back is not None:
            yield from _rolled_back(back, audience)
        ledger = LedgerNotices(audience, parties, sources.holders)
        for part in self._parts(raw, tokens):
            if isinstance(part, RawEvent):
                yield from _of_market(part, audience)
            else:
                yield from ledger.of(part)
        yield from OfficeNotices(audience, parties, sources).of(entries)

    def _parts(
        self, raw: Sequence[RawEvent], tokens: Mapping[Address, ProductId]
    ) -> Iterator[RawEvent | list[LedgerEvent]]:
        """Events of tokens, and between them what the platform said, in the order of the ledger."""
        platform = self._office.deployment.platform
        decoder = Decoder(tokens)
        waiting: list[RawEvent] = []
        for each in raw:
            if each.address != platform:
                waiting.append(each)
            elif said(each.topics, each.data) is not None:
                if waiting:
                    yield _decoded(decoder, waiting)
                    waiting = []
                yield each
        if waiting:
            yield _decoded(decoder, waiting)


def _decoded(decoder: Decoder, raw: Sequence[RawEvent]) -> list[LedgerEvent]:
    stamps = {each.stamp.number: each.stamp for each in raw}
    logs = (
        RawLog(
            block=each.stamp.number,
            block_hash=each.stamp.hash,
            log_index=each.log_index,
            tx=each.tx,
            address=each.address,
            topics=each.topics,
            data=each.data,
        )
        for each in raw
    )
    return decoder.decode(logs, stamps)


def _of_market(raw: RawEvent, audience: Audience) -> Iterator[Telling]:
    it = said(raw.topics, raw.data)
    assert it is not None
    data: dict[str, object] = {"tx": raw.tx}
    if it.what == "group":
        data |= {"transfer_control": it.group, "enabled": it.enabled}
    for institution in audience.everybody():
        yield Telling(
            institution=institution,
            product=None,
            type=_MARKET[it.what],
            occurred_at=raw.stamp.at,
            stamp=raw.stamp,
            final=True,
            data=data,
        )


def _rolled_back(back: TakenBack, audience: Audience) -> Iterator[Telling]:
    for institution in audience.everybody():
        yield Telling(
            institution=institution,
            product=None,
            type=NoticeType.LEDGER_ROLLED_BACK,
            occurred_at=back.at,
            stamp=None,
            final=True,
            data={"to_block": back.to_block, "from_block": back.from_block},
        )
