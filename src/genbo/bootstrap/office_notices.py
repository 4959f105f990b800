"""What was done in the office, as notices (業務の通知): commands, orders, bulk acts, difference cases, products.

The audit chain says that something came to a state, and when; what it is about is asked of its row. A reason that says
what screening found of somebody is told to the registrar alone: nobody is to be tipped off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from genbo.governance import AuditAction
from genbo.governance.institutions import CustomerParties, InstitutionId, ProductParties
from genbo.governance.notices import Audience, NoticeType, Telling
from genbo.kernel import InvestorId, ProductId
from genbo.storage.notice_sources import AboutCommand, AboutOrder, Done, NoticeSources

_COMMANDS: Final[Mapping[str, NoticeType]] = {
    "queued": NoticeType.COMMAND_QUEUED,
    "sent": NoticeType.COMMAND_SENT,
    "final": NoticeType.COMMAND_FINAL,
    "refused": NoticeType.COMMAND_REFUSED,
    "superseded": NoticeType.COMMAND_WITHDRAWN,
}
"""State of a command to what is told; that it is drafted, checked or approved is told to nobody."""

_REACHED: Final[Mapping[AuditAction, str]] = {
    AuditAction.COMMAND_QUEUED: "queued",
    AuditAction.COMMAND_SENT: "sent",
    AuditAction.COMMAND_FINAL: "final",
    AuditAction.COMMAND_REFUSED: "refused",
    AuditAction.COMMAND_SUPERSEDED: "superseded",
}

_ORDERS: Final[Mapping[str, NoticeType]] = {
    "waiting": NoticeType.ORDER_WAITING,
    "ordered": NoticeType.ORDER_ORDERED,
    "delivered": NoticeType.ORDER_DELIVERED,
    "refused": NoticeType.ORDER_REFUSED,
    "withdrawn": NoticeType.ORDER_WITHDRAWN,
}

_CASES: Final[Mapping[AuditAction, NoticeType]] = {
    AuditAction.CASE_OPENED: NoticeType.CASE_OPENED,
    AuditAction.CASE_ESCALATED: NoticeType.CASE_ESCALATED,
    AuditAction.CASE_CLOSED: NoticeType.CASE_CLOSED,
}

_ENDED: Final = frozenset(
    {
        NoticeType.CASE_CLOSED,
        NoticeType.COMMAND_FINAL,
        NoticeType.COMMAND_REFUSED,
        NoticeType.COMMAND_WITHDRAWN,
        NoticeType.ORDER_DELIVERED,
        NoticeType.ORDER_REFUSED,
        NoticeType.ORDER_WITHDRAWN,
    }
)

TOLD: Final = frozenset(
    {
        *_REACHED,
        *_CASES,
        AuditAction.COMMAND_SUBMITTED,
        AuditAction.ORDER_ACCEPTED,
        AuditAction.ORDER_MOVED_ON,
        AuditAction.JOB_ENDED,
        AuditAction.PRODUCT_MOVED_ON,
    }
)
"""The entries that notices come from."""

_SCREENED = "screening_"


class OfficeNotices:
    """Turns audit entries into tellings."""

    def __init__(
        self,
        audience: Audience,
        products: Mapping[ProductId, ProductParties],
        sources: NoticeSources,
    ) -> None:
        self._audience = audience
        self._products = products
        self._sources = sources

    def of(self, entries: Sequence[Done]) -> Iterator[Telling]:
        """What is told of these entries, in their order."""
        about = _About(self._sources, entries)
        for each in entries:
            if each.action in _REACHED or each.action is AuditAction.COMMAND_SUBMITTED:
                yield from self._command(each, about)
            elif each.action in (AuditAction.ORDER_ACCEPTED, AuditAction.ORDER_MOVED_ON):
                yield from self._order(each, about)
            elif each.action is AuditAction.JOB_ENDED:
                yield from self._job(each, about)
            elif each.action in _CASES:
                yield from self._case(each)
            elif each.action is AuditAction.PRODUCT_MOVED_ON:
                yield from self._product(each)

    # Inside --------------------------------------------------------------------------------------

    def _command(self, entry: Done, about: "_About") -> Iterator[Telling]:
        state = _REACHED.get(entry.action) or str(entry.facts.get("state"))
        kind, command = _COMMANDS.get(state), about.commands.get(entry.subject)
        # A command that stands in a block is noted as sent once more; that is no news.
        if kind is None or command is None or entry.facts.get("from") == state:
            return
        data: dict[str, object] = {
            "command": entry.subject,
            "what": command.what,
            "ref": command.ref,
            "state": state,
            "reason": None,
            "facts": {},
            "tx": command.tx if state in ("final", "refused") else None,
            "block": command.block if state in ("final", "refused") else None,
        }
        if state == "refused":
            data |= {"reason": command.reason, "facts": dict(command.facts)}
        told = self._concerned(
            command.product, about.customers.get(command.maker), about.makers.get(command.maker)
        )
        yield from self._tell(entry, kind, command.product, told, data)

    def _order(self, entry: Done, about: "_About") -> Iterator[Telling]:
        if entry.product is None:
            return
        order = about.orders.get((entry.product, entry.subject))
        state = str(entry.facts.get("to", "waiting"))
        kind = _ORDERS.get(state)
        if order is None or kind is None:
            return
        reason = entry.facts.get("reason")
        still = (order.state, order.reason) == (state, reason)
        data: dict[str, object] = {
            "order": entry.subject,
            "units": order.units,
            "from_investor": order.source,
            "delivery_date": order.delivery_date,
            "state": state,
            "reason": reason,
            # What it said then is not kept when the order has gone on since.
            "facts": dict(order.facts) if still else {},
            "cancelled_by": entry.facts.get("cancelled_by"),
        }
        maker = about.makers.get(order.accepted_by)
        told = self._concerned(entry.product, about.customers.get(order.source), maker)
        for each in self._tell(entry, kind, entry.product, told, data):
            if each.institution in (self._registrar(entry.product), maker):
                yield each
            else:
                yield replace(each, data=_without(each.data, order.target))

    def _job(self, entry: Done, about: "_About") -> Iterator[Telling]:
        job = about.jobs.get(entry.subject)
        if job is None:
            return
        data: dict[str, object] = {
            "job": entry.subject,
            "kind": job.kind,
            "ref": job.ref,
            "rows": job.rows,
            "state": entry.facts.get("state"),
        }
        told = self._concerned(job.product, None, about.makers.get(job.maker))
        yield from self._tell(entry, NoticeType.JOB_ENDED, job.product, told, data)

    def _case(self, entry: Done) -> Iterator[Telling]:
        """The entry says it all: nothing that it says of a case is ever changed."""
        facts = entry.facts
        data = {"case": entry.subject} | {
            name: facts.get(name)
            for name in ("institution", "holder", "register", "book", "block", "due_at", "cause")
        }
        sides = (facts.get(name) for name in ("institution", "custodian", "registrar"))
        told = [InstitutionId(str(each)) for each in dict.fromkeys(sides) if each is not None]
        yield from self._tell(entry, _CASES[entry.action], entry.product, told, data)

    def _product(self, entry: Done) -> Iterator[Telling]:
        product = None if entry.product is None else self._products.get(entry.product)
        if product is None:
            return
        data = {"from": entry.facts.get("from"), "to": entry.facts.get("to")}
        told = self._audience.of_product(product)
        yield from self._tell(entry, NoticeType.PRODUCT_STATUS, product.product, told, data)

    def _concerned(
        self,
        product: ProductId | None,
        giver: CustomerParties | None,
        maker: InstitutionId | None,
    ) -> tuple[InstitutionId, ...]:
        parties = None if product is None else self._products.get(product)
        return self._audience.of_order(parties, giver, maker)

    def _registrar(self, product: ProductId) -> InstitutionId | None:
        parties = self._products.get(product)
        return None if parties is None else parties.registrar

    def _tell(
        self,
        entry: Done,
        kind: NoticeType,
        product: ProductId | None,
        told: Sequence[InstitutionId],
        data: Mapping[str, object],
    ) -> Iterator[Telling]:
        parties = None if product is None else self._products.get(product)
        for institution in told:
            registrar = parties is not None and institution == parties.registrar
            yield Telling(
                institution=institution,
                product=product,
                type=kind,
                occurred_at=entry.at,
                stamp=None,
                final=kind in _ENDED or kind.family in ("job", "product"),
                data=data if registrar else _without_screening(data),
            )


def _without_screening(data: Mapping[str, object]) -> Mapping[str, object]:
    if str(data.get("reason") or "").startswith(_SCREENED):
        return {**data, "reason": None, "facts": {}}
    return data


def _without(data: Mapping[str, object], other: InvestorId) -> Mapping[str, object]:
    """The same, where no fact names the other side, whom neither the giver's broker nor its custodian knows."""
    facts = data["facts"]
    assert isinstance(facts, dict)
    return {**data, "facts": {name: each for name, each in facts.items() if each != other}}


class _About:
    """What the entries are about, asked for all of them at once."""

    def __init__(self, sources: NoticeSources, entries: Sequence[Done]) -> None:
        def subjects(*families: str) -> set[str]:
            return {each.subject for each in entries if each.action.split(":")[1] in families}

        commands, jobs = subjects("command"), subjects("job")
        trades = {
            (each.product, each.subject)
            for each in entries
            if each.action.split(":")[1] == "order" and each.product is not None
        }
        self.commands: Mapping[str, AboutCommand] = sources.commands(commands) if commands else {}
        self.orders: Mapping[tuple[ProductId, str], AboutOrder] = (
            sources.orders(trades) if trades else {}
        )
        self.jobs: Mapping[str, Any] = sources.jobs(jobs) if jobs else {}
        makers = {
            *(each.maker for each in self.commands.values()),
            *(each.maker for each in self.jobs.values()),
            *(each.accepted_by for each in self.orders.values()),
        }
        givers = {
            *(each.maker for each in self.commands.values()),
            *(each.source for each in self.orders.values()),
        }
        self.makers = sources.institutions_of(makers) if makers else {}
        self.customers = sources.customers(givers) if givers else {}
