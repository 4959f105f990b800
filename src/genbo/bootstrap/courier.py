"""Courier: brings commands to the chain, and waits for what becomes of them.

Whoever orders an act may send it, or have it sent by a process that already sends for its signer, as `genbo up` does:
the database gives each signer to one process at a time. When that process is killed, whoever waits takes over.
"""

import os
import socket
import threading
import time

from genbo.bootstrap.house import House
from genbo.chain.deployments import Deployment
from genbo.chain.dispatcher import Dispatcher
from genbo.chain.keyring import HeldKeys
from genbo.chain.node import BlockUnknown
from genbo.chain.turn import Turn
from genbo.governance import CommandId, CommandState, Stored
from genbo.governance.command import ENDED
from genbo.governance.ports import BeforeSending, LeadLost
from genbo.kernel import Address, Fault, Reason
from genbo.storage.commands import Commands
from genbo.storage.leads import Leads
from genbo.storage.outbox import OutboxOf, StoredOutbox

WAIT_SECONDS = 120.0
"""How long an order waits for its block before it says that it goes on by itself."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.25


class Courier:
    """Sends for the signers whose keys are here, one deployment."""

    def __init__(
        self,
        house: House,
        deployment: Deployment,
        keys: HeldKeys,
        *,
        carrier: Address | None,
        gate: BeforeSending,
    ) -> None:
        """
        Args:
            carrier: the signer that carries what Safes have signed; None when its key is not here.
            gate: what compliance has to say just before a command is sent.
        """
        self._house = house
        self._keys = keys
        self._carrier = carrier
        self._safes = frozenset(record.address for record in deployment.safes.values())
        self._leads = Leads(
            house.database,
            deployment.chain_id,
            by=f"{socket.gethostname()}:{os.getpid()}",
            clock=house.now,
        )
        self._dispatcher = Dispatcher(
            house.node,
            OutboxOf(house.database, deployment.chain_id),
            keys,
            clock=house.now,
            gate=gate,
        )
        self._chain_id = deployment.chain_id
        self._guard = threading.Lock()

    def signer_for(self, account: Address) -> Address | None:
        """Who sends the acts of an account: itself, or the carrier where it is a Safe; None when that key is not
        here."""
        return self._carrier if account in self._safes else account

    def deliver(
        self,
        command: CommandId,
        *,
        wait_seconds: float = WAIT_SECONDS,
    ) -> Stored:
        """Waits until the command stands in a block, or is refused; sends meanwhile what this process may send.

        Raises:
            Fault: `command_waiting` when it takes longer: it goes on by itself; `node_unreachable`,
                `database_unreachable`: what was committed stands.
        """
        deadline = time.monotonic() + wait_seconds
        pause = _FIRST_PAUSE
        problem: str | None = None
        while True:
            stored = self._stored(command)
            if _is_over(stored):
                return stored
            signer = self.signer_for(stored.command.account)
            turn = self.turn(signer)
            if turn is None:
                problem = f"another process sends for {signer or 'Safes'}, or its key is not here"
            elif turn.problems:
                problem = turn.problems[-1]
            if turn is not None and not turn.idle:
                pause = _FIRST_PAUSE
                continue
            if time.monotonic() >= deadline:
                raise Fault(
                    Reason.COMMAND_WAITING, command=command, state=stored.state, problem=problem
                )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def turn(self, signer: Address | None) -> Turn | None:
        """One turn for a signer; None when its key is not here or another process sends for it. Raises as `deliver`."""
        if signer is None or self._keys.signer_of(signer) is None:
            return None
        with self._guard:
            lead = self._leads.take(signer)
            if lead is None:
                return None
            safes = self._safes if signer == self._carrier else ()
            try:
                return self._dispatcher.turn(lead, safes=safes)
            except LeadLost:
                self._leads.drop(signer)
                return None
            except BlockUnknown as moved:  # the chain went on, or back, while it was asked
                return Turn(problems=[f"the node no longer has block {moved}"])

    def turn_all(self) -> list[Turn]:
        """One turn for every signer that has something to send or to look after, as far as this process may."""
        with self._house.database.read() as connection:
            accounts = StoredOutbox(connection, self._chain_id).accounts_with_work()
        signers = {self.signer_for(account) for account in accounts}
        return [
            turn
            for signer in sorted(filter(None, signers))
            if (turn := self.turn(signer)) is not None
        ]

    def close(self) -> None:
        """Gives up the signers: another process may send for them at once."""
        self._leads.close()

    def _stored(self, command: CommandId) -> Stored:
        with self._house.database.read() as connection:
            return Commands(connection, self._chain_id).get(command)


def _is_over(stored: Stored) -> bool:
    return stored.state in ENDED or (
        stored.state is CommandState.SENT and stored.outcome.block is not None
    )
