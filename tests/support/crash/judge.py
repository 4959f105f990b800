"""The judge: whether an act happened exactly once, seen from the chain, the outbox, the commands and the register.

given an act whose process was killed, and that was finished by others
├── the balances should have changed by exactly what the act says
├── every command of it should have ended, and each that is final by exactly one transaction that succeeded
├── every transaction in a block should be one that was committed before, unless somebody acts outside the service
├── the numbers of each signer should have no hole, none twice, and be as many as the chain has used
├── of a bulk act, each row should be done or refused once
├── each investor should be known once, with one verdict and one address
└── positions, lots and total should be those of the chain; now and then: all invariants, a straight replay,
    and the audit chain with the rows it vouches for
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from tests.support.crash.acts import Expected, Ordered, address_of_investor, admitted
from tests.support.crash.world import P1, World

from genbo.bootstrap.auditing import verify_stored
from genbo.bootstrap.inspection import inspect
from genbo.bootstrap.sending_check import sending_findings
from genbo.kernel import Address
from genbo.reconciliation.invariants import check_all
from genbo.storage.cursor import Cursors
from genbo.storage.events import Events
from genbo.storage.register import Register


@dataclass(frozen=True)
class Standing:
    """How it stands, as the chain has it."""

    block: int
    command: int
    units: Mapping[Address, int]
    supply: int


def look(world: World) -> Standing:
    """How it stands now."""
    stamp = world.chain.stamp()
    with world.aside.read() as connection:
        command = connection.scalar(text("SELECT coalesce(max(number), 0) FROM command"))
    return Standing(
        block=stamp.number,
        command=int(command or 0),
        units=_units(world),
        supply=int(world.token.total_supply().value),
    )


def judge(
    world: World,
    before: Standing,
    after: Standing,
    act: Ordered,
    number: int,
    *,
    thorough: bool,
) -> list[str]:
    """Everything that is wrong; nothing when the act happened exactly once.

    Args:
        before: how it stood before the act was ordered for the first time.
        after: how it stands now.
        thorough: all invariants as well, the digest of a straight replay, and the audit chain.
    """
    expected = act.expected(number)
    with world.aside.read() as connection:
        wrong = [
            *_balances(before, after, expected),
            *_commands(connection, world, before, expected),
            *_blocks(connection, world, before, after, expected),
            *_numbers(connection, world),
            *_rows(connection, number, expected),
            *_people(connection, number, expected),
            *_register(connection, world, after),
        ]
    if thorough:
        inspected = inspect(world.chain, world.aside, world.deployment)
        found = check_all(inspected.accounts)
        found += sending_findings(world.chain, world.aside, world.deployment, at=inspected.stamp)
        wrong += [f"{each.sentence} {each.evidence}" for each in found if not each.holds]
        wrong += _events(world)
        audited = verify_stored(world.aside, world.chain, world.deployment)
        wrong += [f"audit chain: {misfit}" for misfit in audited.misfits]
    return wrong


# The chain -----------------------------------------------------------------------------------------


def _units(world: World) -> dict[Address, int]:
    balances = world.token.balances_of(world.accounts).value
    return dict(zip(world.accounts, map(int, balances), strict=True))


def _balances(before: Standing, after: Standing, expected: Expected) -> Iterator[str]:
    for address, units in before.units.items():
        change = expected.units.get(address, 0)
        if after.units[address] - units != change:
            yield f"the balance of {address} changed by {after.units[address] - units}, not {change}"
    supply = after.supply - before.supply
    if supply != sum(expected.units.values()):
        yield f"the total changed by {supply}, not {sum(expected.units.values())}"


def _commands(
    connection: Connection, world: World, before: Standing, expected: Expected
) -> Iterator[str]:
    """Commands against receipts: whatever the database says, the chain is asked for every attempt."""
    commands = _all(
        connection,
        "SELECT command_id, state, target, what, tx, block FROM command WHERE number > :after",
        after=before.command,
    )
    states = Counter(each["state"] for each in commands if each["target"] is not None)
    for each in commands:
        succeeded = _succeeded(connection, world, each["command_id"])
        wanted = 1 if each["state"] == "final" and each["target"] is not None else 0
        if len(succeeded) != wanted:
            yield f"'{each['what']}' is {each['state']} with {len(succeeded)} transactions"
        if wanted and succeeded != [each["tx"]]:
            yield f"'{each['what']}' names another transaction than the one that did it"
        if each["state"] not in ("final", "refused"):
            yield f"'{each['what']}' is still {each['state']}"
    if expected.rows is None and (states["final"], states["refused"]) != (
        expected.final,
        expected.refused,
    ):
        yield f"commands came to {dict(states)}"


def _succeeded(connection: Connection, world: World, command: str) -> list[bytes]:
    attempts = _all(
        connection,
        "SELECT attempt.tx FROM attempt JOIN outbox USING (chain_id, signer, nonce) WHERE command_id = :id",
        id=command,
    )
    receipts = [(each["tx"], world.chain.receipt("0x" + each["tx"].hex())) for each in attempts]
    return [tx for tx, receipt in receipts if receipt is not None and receipt.succeeded]


def _blocks(
    connection: Connection,
    world: World,
    before: Standing,
    after: Standing,
    expected: Expected,
) -> Iterator[str]:
    ours = {each["tx"].hex() for each in _all(connection, "SELECT tx FROM attempt")}
    strangers = 0
    for block in range(before.block + 1, after.block + 1):
        for tx, _, _ in world.chain.block_transactions(block):
            strangers += tx[2:] not in ours
    if strangers != expected.outside:
        yield f"{strangers} transactions that were never committed, not {expected.outside}"


# The database --------------------------------------------------------------------------------------


def _numbers(connection: Connection, world: World) -> Iterator[str]:
    rows = _all(
        connection,
        "SELECT signer, min(nonce) AS first, max(nonce) AS last, count(*) AS count, next_nonce,"
        " count(*) FILTER (WHERE state NOT IN ('done', 'failed', 'lost')) AS open"
        " FROM outbox JOIN signer ON address = signer AND signer.chain_id = outbox.chain_id"
        " GROUP BY signer, next_nonce",
    )
    for row in rows:
        signer = row["signer"]
        used = world.chain.used(signer).value
        if row["last"] - row["first"] + 1 != row["count"]:
            yield f"{signer} has {row['count']} numbers from {row['first']} to {row['last']}"
        if not row["last"] + 1 == row["next_nonce"] == used:
            yield f"{signer}: {row['last']} was given last, {row['next_nonce']} is next, {used} used"
        if row["open"]:
            yield f"{signer}: {row['open']} numbers are still looked after"


def _rows(connection: Connection, number: int, expected: Expected) -> Iterator[str]:
    jobs = _all(
        connection,
        "SELECT job_id, state, row_count FROM job WHERE key = :key OR key LIKE :part",
        key=f"k{number}",
        part=f"k{number}/%",
    )
    if expected.rows is None:
        if jobs:
            yield f"{len(jobs)} bulk acts, where there is none"
        return
    done, refused = 0, 0
    for job in jobs:
        if job["state"] != "done":
            yield f"a bulk act is still {job['state']}"
        seen: list[int] = []
        for batch in _all(
            connection,
            "SELECT first, last, job_batch.state, command.state AS command FROM job_batch"
            " JOIN command USING (command_id) WHERE job_id = :id",
            id=job["job_id"],
        ):
            rows = range(batch["first"], batch["last"] + 1)
            fits = {"done": "final", "refused": "refused", "cut": "refused"}
            if fits.get(batch["state"]) != batch["command"]:
                yield f"rows {rows} are {batch['state']}, their command {batch['command']}"
            if batch["state"] in ("done", "refused"):
                seen += rows
                done += len(rows) * (batch["state"] == "done")
                refused += len(rows) * (batch["state"] == "refused")
        if sorted(seen) != list(range(job["row_count"])):
            yield f"rows {sorted(seen)} of {job['row_count']}"
    if (done, refused) != expected.rows:
        yield f"{done} rows done and {refused} refused, not {expected.rows}"


def _people(connection: Connection, number: int, expected: Expected) -> Iterator[str]:
    like = f"IV-{number}-%"
    for table in ("investor", "verdict", "wallet"):
        count = connection.scalar(
            text(f"SELECT count(*) FROM {table} WHERE investor_id LIKE :like"), {"like": like}
        )
        if count != expected.admitted:
            yield f"{count} rows of {table}, not {expected.admitted}"


def _register(connection: Connection, world: World, after: Standing) -> Iterator[str]:
    cursor = Cursors(connection, world.deployment.chain_id).get()
    if cursor is None or cursor.last != world.chain.stamp():
        yield f"the register was read to {cursor}, the chain stands at {world.chain.stamp()}"
    register = Register(connection, world.deployment.chain_id)
    positions = {each.address: int(each.units) for each in register.positions(P1)}
    chain = after.units
    apart = {
        address: (positions.get(address, 0), chain.get(address, 0))
        for address in positions.keys() | chain.keys()
        if positions.get(address, 0) != chain.get(address, 0)
    }
    if apart:
        yield f"positions of the register and of the chain: {apart}"
    total = after.supply
    lots = sum(int(lot.units) for lot in register.lots(P1))
    if not sum(positions.values()) == lots == int(register.total(P1)) == total:
        yield f"total {total}: positions {sum(positions.values())}, lots {lots}, {register.total(P1)}"


def _events(world: World) -> Iterator[str]:
    """Every log of the chain, once, and no other."""
    first, last = world.deployment.first_block, world.chain.stamp().number
    addresses = [world.deployment.platform, world.token.address]
    logs = {
        (log.block_hash, log.log_index)
        for log in world.chain.logs(addresses=addresses, first=first, last=last)
    }
    with world.aside.read() as connection:
        kept = Events(connection, world.deployment.chain_id).standing(first, last)
    found = [(each.stamp.hash, each.log_index) for each in kept]
    if len(found) != len(set(found)) or set(found) != logs:
        yield f"{len(found)} events are kept, the chain has {len(logs)}"


def verdicts_on_ledger(world: World, number: int) -> int:
    """How many of the admitted investors of this number the token knows as verified."""
    accounts = [address_of_investor(each) for each in admitted(number)]
    return sum(word.verified_until > 0 for word in world.token.accounts(accounts).value)


def _all(connection: Connection, query: str, **values: object) -> Sequence[Mapping[str, Any]]:
    return connection.execute(text(query), values).mappings().all()
