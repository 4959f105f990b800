"""TransferDesk (移転受付): takes what institutions ask about transfers.

a request to transfer
├── when the same was asked under its key before: it is answered as it was
├── when something else was: `command_key_reused`
├── when it is refused: nothing is kept, but that somebody was told `not_found`
└── otherwise order and answer are kept in one transaction
    ├── where the giver's signature is there and nothing stands against it, its act is sent at once
    └── otherwise the routine `Deliveries` carries it out when its time has come

Requests that come at the same time are judged and kept together: a transaction, a question to the node and a place in
the audit chain cost little more for fifty than for one.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from genbo.bootstrap.deliveries import act_of
from genbo.bootstrap.office import Office
from genbo.bootstrap.orders import Order
from genbo.bootstrap.transfers.asked import Asker, Judged, TransferAsk
from genbo.bootstrap.transfers.judging import Judging
from genbo.bootstrap.transfers.together import Together
from genbo.governance.market import OrderState, StoredOrder, TransferOrder
from genbo.kernel import Reason, Refusal
from genbo.storage.commands_in_bulk import CommandsInBulk
from genbo.storage.requests import Answered, RequestKey, Requests
from genbo.storage.transfer_orders import TransferOrders

MOST_AT_ONCE = 100
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An order that was accepted, or was there already."""

    stored: StoredOrder
    judged: Judged


Answer = Callable[[Accepted], Answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A request to transfer."""

    asker: Asker
    ask: TransferAsk
    request: RequestKey
    answer: Answer
    """What is answered to it, once it is accepted."""


class _Overtaken(Exception):
    """Another process has just stored one of these: all is taken back and asked once more."""


class _NotAll(Exception):
    """One of those that go together is refused: all is taken back."""

    def __init__(self, answers: "list[Answered | Refusal]") -> None:
        super().__init__()
        self.answers = answers


class TransferDesk:
    """Takes requests to transfer for one office, from any thread."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.judging = Judging(office)
        self._placing: Together[Placing, Answered | Refusal] = Together(
            self._place_all, most=MOST_AT_ONCE
        )

    def judge(self, asker: Asker, ask: TransferAsk) -> Judged:
        """Everything that stands against a transfer at this moment. Nothing is kept but who was told `not_found`.

        Raises:
            Refusal: `not_found`.
        """
        with self._office.house.database.begin() as connection:
            (judged,) = self.judging.judge(connection, [(asker, ask)], at=self._office.house.now())
        if judged.never and judged.never[0].reason is Reason.NOT_FOUND:
            raise judged.never[0]
        return judged

    def place(self, placing: Placing) -> Answered:
        """Accepts an order, once however often it is asked for.

        Raises:
            Refusal: why it is not accepted.
        """
        answer = self._placing.do(placing)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def place_many(
        self, many: Sequence[Placing], *, atomic: bool = False
    ) -> list[Answered | Refusal]:
        """As `place`, of many: the answer or the refusal of each.

        Args:
            atomic: none is accepted where one is refused. No trade may be among them twice.
        """
        if not atomic:
            return self._place_all(many)
        for _ in range(_TRIES):
            try:
                with self._office.house.database.begin() as connection:
                    answers = self._round(connection, many)
                    if any(isinstance(each, Refusal) for each in answers):
                        raise _NotAll(answers)
                    return answers
            except _Overtaken:
                continue
            except _NotAll as rejected:
                return rejected.answers
        raise RuntimeError("orders are overtaken again and again")

    # Inside --------------------------------------------------------------------------------------

    def _place_all(self, many: Sequence[Placing]) -> list[Answered | Refusal]:
        """Rounds in which no key and no trade comes twice: what comes again finds what is stored by then."""
        answers: dict[int, Answered | Refusal] = {}
        left = list(range(len(many)))
        while left:
            named: set[object] = set()
            some: list[int] = []
            later: list[int] = []
            for number in left:
                names = {_key(many[number]), _trade(many[number])}
                (later if names & named else some).append(number)
                named |= names
            for number, answer in zip(some, self._try([many[n] for n in some]), strict=True):
                answers[number] = answer
            left = later
        return [answers[number] for number in range(len(many))]

    def _try(self, many: Sequence[Placing]) -> list[Answered | Refusal]:
        for _ in range(_TRIES):
            try:
                with self._office.house.database.begin() as connection:
                    return self._round(connection, many)
            except _Overtaken:
                continue
        raise RuntimeError("orders are overtaken again and again")

    def _round(self, connection: Connection, many: Sequence[Placing]) -> list[Answered | Refusal]:
        requests = Requests(connection)
        requests.hold([each.request for each in many])
        found = requests.answered([each.request for each in many])
        fresh = [number for number, answer in enumerate(found) if answer is None]
        at = self._office.house.now()
        judged = self.judging.judge(
            connection, [(many[n].asker, many[n].ask) for n in fresh], at=at
        )
        acts: list[Order] = []
        new: list[tuple[TransferOrder, Order | None]] = []
        accepted: dict[int, Accepted] = {}
        answers: dict[int, Answered | Refusal] = {
            number: answer for number, answer in enumerate(found) if answer is not None
        }
        for number, each in zip(fresh, judged, strict=True):
            no = self._no(each)
            if no is not None:
                answers[number] = no
                continue
            if each.known is not None:
                accepted[number] = Accepted(stored=each.known, judged=each)
                continue
            assert each.order is not None
            act = self._act(connection, each)
            if act is not None:
                acts.append(act)
            new.append((each.order, act))
            accepted[number] = Accepted(stored=_stored(each.order, act, at), judged=each)
        self._keep(connection, new, acts, at)
        kept = {number: many[number].answer(each) for number, each in accepted.items()}
        requests.keep([(many[n].request, answer) for n, answer in kept.items()], at=at)
        answers |= kept
        return [answers[number] for number in range(len(many))]

    def _no(self, judged: Judged) -> Refusal | None:
        """Why it is not accepted. An order that was accepted before stays so, whatever stands against it now."""
        if judged.known is not None and not judged.never:
            return None
        if judged.bar is not None:
            return judged.bar
        assert judged.source is not None
        signed = judged.ask.authorisation is not None
        here = self._office.ring.signer_of(judged.source.address) is not None
        if judged.keeps_own_key and not signed and not here:
            return Refusal(Reason.AUTHORISATION_MISSING, investor=judged.ask.source)
        return None

    def _act(self, connection: Connection, judged: Judged) -> Order | None:
        """The act, where it can be sent at once; otherwise it waits for its routine."""
        order = judged.order
        if order is None or order.authorisation is None or not judged.is_due:
            return None
        assert judged.source is not None
        assert judged.target is not None
        return act_of(self._office, connection, order, judged.source, judged.target, attempt=1)

    def _keep(
        self,
        connection: Connection,
        new: Sequence[tuple[TransferOrder, Order | None]],
        acts: Sequence[Order],
        at: datetime,
    ) -> None:
        if not new:
            return
        commands = CommandsInBulk(connection, self._office.deployment.chain_id)
        queued = [(act.command, act.digest, act.signed[0]) for act in acts]
        if not commands.queue(queued, at=at):
            raise _Overtaken
        orders = [(order, None if act is None else act.command.id) for order, act in new]
        if not TransferOrders(connection).accept_all(orders, at=at):
            raise _Overtaken


def _stored(order: TransferOrder, act: Order | None, at: datetime) -> StoredOrder:
    return StoredOrder(
        order=order,
        state=OrderState.WAITING if act is None else OrderState.ORDERED,
        changed_at=at,
        changed_by=order.accepted_by,
        attempt=0 if act is None else 1,
        command=None if act is None else act.command.id,
    )


def _key(placing: Placing) -> tuple[str, ...]:
    return ("key", placing.request.institution, placing.request.key)


def _trade(placing: Placing) -> tuple[str, ...]:
    return ("trade", placing.ask.product, placing.ask.trade)


_desks: WeakKeyDictionary[Office, TransferDesk] = WeakKeyDictionary()
_guard = threading.Lock()


def transfer_desk(office: Office) -> TransferDesk:
    """The desk of an office: one, so that what comes at the same time is taken together."""
    with _guard:
        desk = _desks.get(office)
        if desk is None:
            desk = _desks[office] = TransferDesk(office)
        return desk
