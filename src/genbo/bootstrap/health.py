"""Health: is everything there that the work needs, and does it agree?

A list of checks, each with its figures and, when something is not well, a reason of the reason table: what is wrong and
what to do. Looking changes nothing and waits for nobody longer than a node may take for an answer.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import text

from genbo.bootstrap.house import House
from genbo.chain.node import BlockUnknown
from genbo.chain.views import Dissent, Look, Views
from genbo.compliance.reasons import Language, explain
from genbo.kernel import Fact, Fault, Reason, Refusal
from genbo.storage.cursor import Cursor, Cursors
from genbo.storage.engine import Database
from genbo.storage.jobs import Jobs
from genbo.storage.migrations import latest, require_current
from genbo.storage.outbox import StoredOutbox

FAR_BEHIND = 100
"""Blocks by which a node or the register may be behind the others before that is not well."""


LONG = timedelta(minutes=5)
"""A queued command that nobody sends for so long is not well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """What: `database`, `node <address without secrets>`, `indexer`."""
    ok: bool
    facts: Mapping[str, Fact]
    """Figures; never anything of a person or a product."""
    trouble: Refusal | None = None
    """Why it is not well."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was looked at."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is well."""
        return all(check.ok for check in self.checks)

    def document(self, language: Language = Language.EN) -> dict[str, Any]:
        """For machines."""
        return {"ok": self.ok, "checks": [_document(check, language) for check in self.checks]}


Probe: TypeAlias = Callable[[House], Iterable[Check]]
"""Looks at one part of the system. A Refusal that it raises is the trouble of that part."""


def database(house: House) -> Iterator[Check]:
    """Does the database answer, and is it at the migration of this version?"""
    yield look_at_database(house.database)


def look_at_database(asked: Database) -> Check:
    """As `database`, of any database."""
    began = time.perf_counter()
    try:
        with asked.read() as connection:
            connection.execute(text("SELECT 1"))
        facts: dict[str, Fact] = {"milliseconds": _since(began)}
        require_current(asked)
    except Fault as fault:
        return Check(name="database", ok=False, facts=fault.facts, trouble=fault)
    return Check(name="database", ok=True, facts={**facts, "migration": latest()})


def nodes(house: House) -> Iterator[Check]:
    """Does each node answer, how far has it come, and does it contradict another?"""
    node = house.node
    if not isinstance(node, Views):
        began = time.perf_counter()
        head = node.header().stamp
        yield Check(
            name="node", ok=True, facts={"head": head.number, "milliseconds": _since(began)}
        )
        return
    looks = node.look()
    heads = [look.head for look in looks if look.head is not None]
    if heads:
        deep = node.finality.final_block(max(head.number for head in heads))
        with suppress(BlockUnknown, Fault):  # the nodes have just changed; the next look tells
            node.agreed(node.header(max(deep, 0)).stamp)
    yield from of_looks(looks, node.dissents)


def of_looks(looks: Sequence[Look], dissents: Sequence[Dissent] = ()) -> Iterator[Check]:
    """A check for each node that was looked at."""
    furthest = max((look.head.number for look in looks if look.head is not None), default=0)
    for look in looks:
        name = f"node {look.name}"
        if look.head is None or look.seconds is None:
            facts = {} if look.trouble is None else look.trouble.facts
            yield Check(name=name, ok=False, facts=facts, trouble=look.trouble)
            continue
        lag = furthest - look.head.number
        facts = {
            "head": look.head.number,
            "lag": lag,
            "milliseconds": int(look.seconds * 1_000),
        }
        trouble: Refusal | None = look.trouble
        dissent = next((each for each in dissents if look.name in (each.one, each.other)), None)
        if dissent is not None:
            trouble = disagreement(dissent)
            ours = look.name == dissent.one
            facts |= {
                "agrees_up_to": dissent.agreed,
                "differs_at": dissent.agreed + 1,
                "says": dissent.one_hash if ours else dissent.other_hash,
            }
        elif trouble is None and lag > FAR_BEHIND:
            trouble = Fault(
                Reason.NODE_BEHIND, url=look.name, head=look.head.number, needed=furthest
            )
        yield Check(name=name, ok=trouble is None, facts=facts, trouble=trouble)


def disagreement(dissent: Dissent) -> Fault:
    """Two nodes on different chains, as a trouble."""
    return Fault(
        Reason.NODES_DISAGREE,
        block=dissent.agreed + 1,
        url=dissent.one,
        hash=dissent.one_hash,
        other=dissent.other,
        other_hash=dissent.other_hash,
        agreed=dissent.agreed,
    )


def indexer(house: House) -> Iterator[Check]:
    """How far was the ledger read, and how much of that is final?"""
    chain_id = house.node.chain_id
    with house.database.read() as connection:
        cursor = Cursors(connection, chain_id).get()
    if cursor is None or cursor.last is None:
        raise Fault(Reason.DEPLOYMENT_MISSING, chain_id=chain_id)
    yield _of_cursor(house, cursor)


def _of_cursor(house: House, cursor: Cursor) -> Check:
    last = cursor.last
    assert last is not None
    head = house.node.header().stamp.number
    facts: dict[str, Fact] = {
        "block": last.number,
        "head": head,
        "lag": max(head - last.number, 0),
        "final": None if cursor.final is None else cursor.final.number,
        "confirmations": house.node.finality.confirmations,
    }
    trouble: Refusal | None = None
    if not _stands(house, cursor):
        problem = "the chain has another block there"
        trouble = Fault(Reason.REGISTER_BEHIND, block=last.number, head=head, problem=problem)
    elif head - last.number > FAR_BEHIND:
        trouble = Fault(Reason.REGISTER_BEHIND, block=last.number, head=head)
    return Check(name="indexer", ok=trouble is None, facts=facts, trouble=trouble)


def _stands(house: House, cursor: Cursor) -> bool:
    """Whether the last block that was read is still on the chain."""
    assert cursor.last is not None
    try:
        return house.node.header(cursor.last.number).stamp == cursor.last
    except BlockUnknown:
        return False


def sender(house: House) -> Iterator[Check]:
    """Do commands go out, and come back?"""
    now = house.now()
    with house.database.read() as connection:
        found = StoredOutbox(connection, house.node.chain_id).under_way()
    facts: dict[str, Fact] = {
        "queued": found.queued,
        "waiting_for_approval": found.checked,
        "under_way": found.under_way,
        "unknown": found.unknown,
        "taken": found.taken,
    }
    trouble: Refusal | None = None
    if found.oldest_unknown is not None:
        seconds = _seconds(now - found.oldest_unknown)
        trouble = Fault(Reason.OUTCOME_UNKNOWN, count=found.unknown, seconds=seconds)
    elif found.oldest_queued is not None and now - found.oldest_queued > LONG:
        seconds = _seconds(now - found.oldest_queued)
        trouble = Fault(Reason.COMMANDS_WAIT, count=found.queued, seconds=seconds)
    elif found.last_taken is not None and now - found.last_taken < timedelta(days=1):
        trouble = Fault(Reason.NUMBER_TAKEN, count=found.taken)
    yield Check(name="sender", ok=trouble is None, facts=facts, trouble=trouble)


def jobs(house: House) -> Iterator[Check]:
    """How many bulk acts are under way, and how many rows of them are left?"""
    with house.database.read() as connection:
        repository = Jobs(connection, house.node.chain_id)
        running = [
            repository.progress(each.job.id, at=house.now())
            for each in repository.all(running=True)
        ]
    left = sum(each.of - each.done - each.refused for each in running)
    yield Check(name="jobs", ok=True, facts={"running": len(running), "rows_left": left})


PROBES: tuple[Probe, ...] = (database, nodes, indexer, sender, jobs)
"""What is looked at, in this order. A part that is added to the system adds its probe here."""


def examine(
    house: House, *, waiting_for: Refusal | None = None, probes: Sequence[Probe] = PROBES
) -> Health:
    """Looks at everything.

    Args:
        waiting_for: what the reader of this process waits for the end of, if it does.
    """
    checks: list[Check] = []
    for probe in probes:
        try:
            found = list(probe(house))
        except Refusal as trouble:
            name = getattr(probe, "__name__", "check")
            found = [Check(name=name, ok=False, facts=trouble.facts, trouble=trouble)]
        checks += found
    if waiting_for is not None:
        checks.append(Check(name="reading", ok=False, facts=waiting_for.facts, trouble=waiting_for))
    return Health(tuple(checks))


def _seconds(passed: timedelta) -> int:
    return max(int(passed.total_seconds()), 0)


def _since(began: float) -> int:
    """Milliseconds."""
    return int((time.perf_counter() - began) * 1_000)


def _document(check: Check, language: Language) -> dict[str, Any]:
    document: dict[str, Any] = {"name": check.name, "ok": check.ok, "facts": dict(check.facts)}
    if check.trouble is not None:
        explained = explain(check.trouble, language)
        document |= {
            "reason": check.trouble.reason.value,
            "sentence": explained.sentence,
            "remedy": explained.remedy,
        }
    return document
