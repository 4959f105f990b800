"""Stage: a clock that the story sets, a line per act, and the tally of what was done."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from genbo.bootstrap.interrupts import heed
from genbo.bootstrap.office import Office
from genbo.chain.accounts import account_of
from genbo.chain.call import Call
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.desk import Done
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.keys import KeySigner
from genbo.cli.output import Output
from genbo.compliance.reasons import explain
from genbo.governance import Duty
from genbo.kernel import (
    JST,
    UTC,
    Address,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Reference,
    Refusal,
)
from genbo.token import Act


class StoryClock:
    """The time on the chain, set by the story. Only forwards."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def set(self, text: str) -> datetime:
        """Moves on to a time in Japan such as `2022-02-01 00:00:01`."""
        at = datetime.fromisoformat(text).replace(tzinfo=JST).astimezone(UTC)
        if at < self._at:
            raise ValueError(f"the story goes back in time: {text}")
        self._at = at
        return at


class UnexpectedOutcome(RuntimeError):
    """The system did something else than the story says: a defect."""


class Stage:
    """What the chapters play on."""

    def __init__(
        self, office: Office, output: Output, clock: StoryClock, product: ProductId
    ) -> None:
        self.office = office
        self.output = output
        self.clock = clock
        self.product = product
        self.lines: list[dict[str, object]] = []
        """Every act and refusal, for the summary file."""
        self.people: dict[str, InvestorId] = {}
        """The story's names (H1, H2 ...) and who they are in the registry."""
        self.verified_until = datetime(2025, 4, 1, tzinfo=JST)
        """Until when accounts that the story opens by hand are verified."""
        self._rekeyings: dict[str, int] = {}

    # Who -----------------------------------------------------------------------------------------

    def key(self, name: str) -> KeySigner:
        """The key that speaks for somebody of the story now."""
        return account_of(
            self.people[name],
            self.product,
            chain_id=self.office.house.node.chain_id,
            number=self._rekeyings.get(name, 0),
        )

    def account(self, name: str) -> Address:
        """The address that speaks for somebody of the story now."""
        return self.key(name).address

    def next_key(self, name: str) -> KeySigner:
        """Makes a new key for somebody whose old one is lost."""
        self._rekeyings[name] = self._rekeyings.get(name, 0) + 1
        return self.key(name)

    def forget_key(self, name: str) -> None:
        """Goes back to the key before the last one: the last one was never kept."""
        self._rekeyings[name] -= 1

    @property
    def token(self) -> SecurityToken:
        """The product's token."""
        return self.office.token(self.product)

    # What happens --------------------------------------------------------------------------------

    def chapter(self, title: str, at: str | None = None) -> None:
        """A heading; from here on it is that time in Japan."""
        heed()
        if at is not None:
            self.time(at)
        self.output.heading(title)

    def time(self, at: str) -> None:
        """Moves on: an empty block at that time in Japan, so that everybody who asks reads it there."""
        moment = self.clock.set(at)
        node = self.office.house.node
        if isinstance(node, EmbeddedNode):
            node.advance_to(moment)
            self.office.read()

    def act(
        self,
        call: Call,
        duty: Duty,
        *,
        what: str | None = None,
        ref: str | None = None,
        by: Sequence[str] = (),
    ) -> Done:
        """An act under a duty, with its line; `what` says it better than the call does."""
        done = self.office.act(
            call, duty, product=self.product, ref=Reference(ref) if ref else None, by=by
        )
        self.note(done, what)
        return done

    def transfer(self, source: str, target: str, units: int, *, ref: str) -> Done:
        """A holder's own transfer, signed with the key that speaks for it."""
        done = self.office.act_as_holder(
            self.token.transfer(self.account(target), units, Reference(ref)),
            investor=self.people[source],
            signer=self.key(source),
            product=self.product,
            ref=Reference(ref),
        )
        self.note(done, f"{source} to {target}: {done.what}")
        return done

    def bulk(
        self,
        what: str,
        total: int,
        acts: Iterable[tuple[int, Done]],
        line: Callable[[int, Done], str] = lambda _, done: done.what,
    ) -> None:
        """A bulk act, batch by batch, behind a bar; its lines follow."""
        done: list[tuple[int, Done]] = []
        with self.output.progress(what, total) as bar:
            for count, each in acts:
                done.append((count, each))
                bar.done(count)
        for count, each in done:
            self.note(each, line(count, each))

    def refused(self, what: str, attempt: Callable[[], object], reason: Reason) -> None:
        """An attempt that must be refused for this reason, with the sentence people get."""
        try:
            attempt()
        except Refusal as refusal:
            if refusal.reason is not reason:
                raise UnexpectedOutcome(f"{what}: {refusal} instead of {reason}") from refusal
            self.lines.append({"refused": what, "reason": reason.value})
            self.output.say(f"  refused    {what}", style="yellow")
            self.output.say(f"             {explain(refusal, self.output.language).sentence}")
            return
        raise UnexpectedOutcome(f"{what}: was not refused")

    def note(self, done: Done, what: str | None = None) -> None:
        """One printed line per act: what, who approved, transaction, block, gas."""
        sent = done.sent
        text = what or done.what
        self.lines.append(
            {
                "act": text,
                "by": list(done.by),
                "tx": sent.tx,
                "block": sent.stamp.number,
                "at": sent.stamp.at.isoformat(),
                "gas": sent.gas_used,
            }
        )
        self.output.say(
            f"  {sent.stamp.at.astimezone(JST):%Y-%m-%d %H:%M:%S}  {text:<46}  "
            f"{' + '.join(done.by):<30}  {sent.tx[:10]}  block {sent.stamp.number:>3}  "
            f"gas {sent.gas_used:>9,}"
        )

    def tally(self) -> dict[str, int]:
        """How much was done so far; transactions and gas are those of the deployment too."""
        refusals = sum(1 for line in self.lines if "refused" in line)
        return {
            "acts": len(self.lines) - refusals,
            "refusals": refusals,
            "transactions": self.office.meter.transactions,
            "gas": self.office.meter.gas,
        }

    def say(self, text: str) -> None:
        """A remark between acts."""
        self.output.say(f"  {text}")


def papers(ref: str, document: str) -> Act:
    """The papers of an administrative act: its reference and the digest of the document it rests on."""
    return Act(ref=Reference(ref), evidence=evidence(document))


def evidence(document: str) -> Digest:
    """SHA-256 of a document; here of its title, as the story's documents are titles only."""
    return Digest("0x" + sha256(document.encode()).hexdigest())
