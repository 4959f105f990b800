"""What the tests of sending play with: a chain under their hand, an outbox in a real database, and a clock."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from web3.types import RPCEndpoint

from genbo.chain.call import Call
from genbo.chain.command_message import digest_of, sign_command
from genbo.chain.dispatcher import Dispatcher, Dispatching
from genbo.chain.keyring import HeldKeys
from genbo.chain.keys import KeySigner, development_key
from genbo.chain.remote import RemoteNode
from genbo.chain.turn import Turn
from genbo.governance import Command, CommandId, CommandState, Entry, Stored
from genbo.governance.ports import Lead
from genbo.kernel import Address
from genbo.storage.commands import Commands
from genbo.storage.deployments import Deployment, Deployments
from genbo.storage.engine import Database
from genbo.storage.outbox import OutboxOf, StoredOutbox

PLATFORM = Address("0x00000000000000000000000000000000000000aa")
SOMEBODY = Address("0x000000000000000000000000000000000000dEaD")
PATIENCE = timedelta(seconds=60)

_signers = count(30)


@dataclass
class Clock:
    """A time that passes when a test says so."""

    at: datetime = datetime(2026, 1, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def pass_by(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@dataclass
class Sending:
    """One signer that nobody used before, its outbox and its dispatcher."""

    node: RemoteNode
    database: Database
    window: int = 64
    at_once: bool = False
    """Whether the node makes a block of every transaction."""
    clock: Clock = field(default_factory=Clock)
    signer: KeySigner = field(default_factory=lambda: development_key(next(_signers)))

    def __post_init__(self) -> None:
        with self.database.begin() as connection:
            Deployments(connection).record(
                Deployment(
                    chain_id=self.node.chain_id,
                    first_block=0,
                    first_block_hash=self.node.header(0).stamp.hash,
                    duty_manager=PLATFORM,
                    platform=PLATFORM,
                    factory=PLATFORM,
                    safes={},
                    record={},
                ),
                at=self.clock(),
                by="test",
            )
        self.rpc("anvil_setBalance", self.signer.address, hex(10**20))
        self.lead = self.take_lead()
        self.dispatcher = self.new_dispatcher()

    # The service ---------------------------------------------------------------------------------

    def new_dispatcher(self, node: Any = None) -> Dispatcher:
        """As after a restart: it remembers nothing."""
        return Dispatcher(
            node or self.node,
            OutboxOf(self.database, self.node.chain_id),
            HeldKeys([self.signer]),
            clock=self.clock,
            how=Dispatching(window=self.window, patience=PATIENCE),
            monotonic=self.clock.monotonic,
        )

    def take_lead(self) -> Lead:
        with self.database.begin() as connection:
            return StoredOutbox(connection, self.node.chain_id).take_lead(
                self.signer.address, by="test", at=self.clock()
            )

    def order(
        self, key: str, *, to: Address = SOMEBODY, data: bytes = b"", gas: int | None = None
    ) -> CommandId:
        """A queued command of the signer."""
        call = Call(to, data, f"act {key}")
        command = Command(
            key=key,
            chain_id=self.node.chain_id,
            what=call.what,
            maker="operator-1",
            maker_account=self.signer.address,
            account=self.signer.address,
            duty=None,
            to=to,
            data=data,
            gas=gas,
        )
        signed = sign_command(
            command, PLATFORM, name="operator-1", signer=self.signer, at=self.clock()
        )
        with self.database.begin() as connection:
            stored, _ = Commands(connection, self.node.chain_id).submit(
                command,
                digest=digest_of(command, PLATFORM),
                state=CommandState.QUEUED,
                approvals=[signed],
                at=self.clock(),
            )
        return stored.id

    def turn(self) -> Turn:
        """One turn; where blocks are made at once, as many as it takes until they are."""
        turn = self.dispatcher.turn(self.lead)
        for _ in range(200):
            if not (self.at_once and turn.open):
                break
            time.sleep(0.01)
            again = self.dispatcher.turn(self.lead)
            turn = replace(again, sent=turn.sent, settled=turn.settled + again.settled)
        return turn

    def stored(self, command: CommandId) -> Stored:
        with self.database.read() as connection:
            return Commands(connection, self.node.chain_id).get(command)

    def state(self, command: CommandId) -> CommandState:
        return self.stored(command).state

    def open(self) -> list[Entry]:
        with self.database.read() as connection:
            return StoredOutbox(connection, self.node.chain_id).open(self.signer.address)

    def rows(self, table: str = "outbox") -> list[Any]:
        """Everything of the signer in that table, by number."""
        with self.database.read() as connection:
            return list(
                connection.exec_driver_sql(
                    f"SELECT * FROM {table} WHERE signer = %s ORDER BY nonce",
                    (self.signer.address,),
                )
            )

    # The chain -----------------------------------------------------------------------------------

    def rpc(self, method: str, *params: Any) -> Any:
        return self.node._web3.manager.request_blocking(RPCEndpoint(method), list(params))

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks))

    def used(self) -> int:
        return self.node.used(self.signer.address).value

    def send_foreign(self, *, nonce: int, price: int, data: bytes = b"\x01") -> str:
        """Somebody uses the key outside the service."""
        raw = self.signer.sign_transaction(
            {
                "chainId": self.node.chain_id,
                "nonce": nonce,
                "gas": 60_000,
                "value": 0,
                "data": data,
                "to": SOMEBODY,
                "maxFeePerGas": price,
                "maxPriorityFeePerGas": price,
            }
        )
        return self.node.send_raw(raw)

    def inclusions(self, txs: Sequence[str]) -> int:
        """How many of these stand in a block."""
        return sum(1 for each in self.node.inclusions(txs) if each is not None)
