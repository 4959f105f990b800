"""SecurityToken: one product (銘柄) on the ledger, its eleven basic actions (基本機能) and what can be asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import Contract, as_address, as_address_or_none
from genbo.chain.contracts.encoding import act_struct, digest_word, reference_word, seconds
from genbo.chain.hexes import hex_of
from genbo.chain.node import At, Pinned
from genbo.compliance.reasons import reason_numbered
from genbo.kernel import (
    ZERO_ADDRESS,
    Address,
    Digest,
    ProductId,
    Reason,
    Reference,
    Units,
    from_bytes32,
    to_bytes32,
)
from genbo.token import AccountWord, Act, ControlWord, Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The end of a product that goes on as another."""

    successor: ProductId
    block: int
    tx: str


class SecurityToken(Contract):
    """The token of one product."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "SecurityToken"

    # Anyone asks -----------------------------------------------------------------------------------

    def product(self, at: At = None) -> Pinned[ProductId]:
        read = self._read("productId", at=at)
        return Pinned(ProductId(from_bytes32(read.value[0])), read.stamp)

    def name(self, at: At = None) -> Pinned[str]:
        read = self._read("name", at=at)
        return Pinned(str(read.value[0]), read.stamp)

    def symbol(self, at: At = None) -> Pinned[str]:
        read = self._read("symbol", at=at)
        return Pinned(str(read.value[0]), read.stamp)

    def authority(self, at: At = None) -> Pinned[Address]:
        read = self._read("authority", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def acts(self, at: At = None) -> Pinned[Address]:
        """The `TokenActs` it runs."""
        read = self._read("acts", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def services(self, at: At = None) -> Pinned[Address]:
        """The `TokenServices` it runs."""
        read = self._read("services", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def platform(self, at: At = None) -> Pinned[Address]:
        read = self._read("platform", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def initial_beneficiary(self, at: At = None) -> Pinned[Address | None]:
        """当初受益者."""
        read = self._read("initialBeneficiary", at=at)
        return Pinned(as_address_or_none(read.value[0]), read.stamp)

    def terms_digest(self, at: At = None) -> Pinned[Digest]:
        read = self._read("termsHash", at=at)
        return Pinned(Digest(hex_of(read.value[0])), read.stamp)

    def supply(self, at: At = None) -> Pinned[Supply]:
        read = self._read("supply", at=at)
        total, cap, redemption_date, legal_category, ever_issued = read.value
        supply = Supply(
            total=total,
            cap=cap,
            redemption_date=redemption_date,
            legal_category=legal_category,
            ever_issued=ever_issued,
        )
        return Pinned(supply, read.stamp)

    def total_supply(self, at: At = None) -> Pinned[Units]:
        read = self._read("totalSupply", at=at)
        return Pinned(Units(read.value[0]), read.stamp)

    def control(self, at: At = None) -> Pinned[ControlWord]:
        read = self._read("controlWord", at=at)
        return Pinned(ControlWord.unpack(read.value[0]), read.stamp)

    def balance_of(self, account: Address, at: At = None) -> Pinned[Units]:
        read = self._read("balanceOf", account, at=at)
        return Pinned(Units(read.value[0]), read.stamp)

    def balances_of(self, accounts: Sequence[Address], at: At = None) -> Pinned[list[Units]]:
        read = self._read_many("balanceOf", [(account,) for account in accounts], at=at)
        return Pinned([Units(row[0]) for row in read.value], read.stamp)

    def account(self, account: Address, at: At = None) -> Pinned[AccountWord]:
        read = self._read("accountWord", account, at=at)
        return Pinned(AccountWord.unpack(read.value[0]), read.stamp)

    def accounts(self, accounts: Sequence[Address], at: At = None) -> Pinned[list[AccountWord]]:
        read = self._read_many("accountWord", [(account,) for account in accounts], at=at)
        return Pinned([AccountWord.unpack(row[0]) for row in read.value], read.stamp)

    def standing(
        self, accounts: Sequence[Address], at: At = None
    ) -> Pinned[tuple[str, ControlWord, list[AccountWord]]]:
        """The token's name, and everything that decides about transfers between these accounts, in one question."""
        name, control, account = (
            self.interface().function(each) for each in ("name", "controlWord", "accountWord")
        )
        questions = [name.encode(), control.encode(), *(account.encode(it) for it in accounts)]
        answer = self.node.calls([(self.address, each) for each in questions], at)
        called, word, *words = answer.value
        told = (
            str(name.decode_outputs(called)[0]),
            ControlWord.unpack(control.decode_outputs(word)[0]),
            [AccountWord.unpack(account.decode_outputs(each)[0]) for each in words],
        )
        return Pinned(told, answer.stamp)

    def frozen_units(self, account: Address, at: At = None) -> Pinned[Units]:
        read = self._read("getFrozenTokens", account, at=at)
        return Pinned(Units(read.value[0]), read.stamp)

    def allowance(self, owner: Address, spender: Address, at: At = None) -> Pinned[int]:
        """Units the spender may move; 2**256-1 means without limit."""
        read = self._read("allowance", owner, spender, at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def can_transfer(
        self, source: Address, target: Address, units: int, at: At = None
    ) -> Pinned[bool]:
        read = self._read("canTransfer", source, target, units, at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def reason_of(
        self, source: Address, target: Address, units: int, at: At = None
    ) -> Pinned[Reason | None]:
        """Why a transfer would be refused at that block; None when it would succeed."""
        read = self._read("reasonOf", source, target, units, at=at)
        return Pinned(reason_numbered(read.value[0]), read.stamp)

    def split_factor(self, at: At = None) -> Pinned[int]:
        """By how much all splits so far multiply a unit of the first issue."""
        read = self._read("splitFactor", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def holder_count(self, at: At = None) -> Pinned[int]:
        """Accounts with at least one unit; zero where they are not counted."""
        read = self._read("holderCount", at=at)
        return Pinned(int(read.value[0]), read.stamp)

    def succeeded_by(self, first: int, at: At = None) -> Pinned[Succeeded | None]:
        """Which product it goes on as, and the block that closed it, from the events since block `first`."""
        stamp = self.node.stamp(at)
        topic = self.interface().event("ProductSucceeded").topic
        for log in self.node.logs(
            addresses=[self.address], topics=[[topic]], first=first, last=stamp.number
        ):
            found = Succeeded(
                successor=ProductId(from_bytes32(log.topics[1])), block=log.block, tx=log.tx
            )
            return Pinned(found, stamp)  # a token is closed once
        return Pinned(None, stamp)

    def is_reference_used(self, ref: Reference, at: At = None) -> Pinned[bool]:
        read = self._read("isReferenceUsed", to_bytes32(ref), at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def is_reversed(self, ref: Reference, at: At = None) -> Pinned[bool]:
        read = self._read("isReversed", to_bytes32(ref), at=at)
        return Pinned(bool(read.value[0]), read.stamp)

    def burned_under(self, ref: Reference, at: At = None) -> Pinned[Units]:
        """Units destroyed under the reference and not re-created since."""
        read = self._read("burnedUnder", to_bytes32(ref), at=at)
        return Pinned(Units(read.value[0]), read.stamp)

    # The holder ------------------------------------------------------------------------------------

    def transfer(self, target: Address, units: int, ref: Reference | None = None) -> Call:
        """Action 3 (移転), with the trade's own reference (取引ID) where it has one."""
        if ref is None:
            return self._write(f"transfer {units:,}", "transfer", target, units)
        return self._write(
            f"transfer {units:,} ({ref})", "transferWithReference", target, units, to_bytes32(ref)
        )

    def transfer_from(self, source: Address, target: Address, units: int) -> Call:
        return self._write(
            f"transfer {units:,} by allowance", "transferFrom", source, target, units
        )

    def transfer_from_with_reference(
        self, source: Address, target: Address, units: int, ref: Reference
    ) -> Call:
        return self._write(
            f"transfer {units:,} by allowance ({ref})",
            "transferFromWithReference",
            source,
            target,
            units,
            to_bytes32(ref),
        )

    def batch_transfer(self, targets: Sequence[Address], units: Sequence[int]) -> Call:
        return self._write(
            f"transfer {sum(units):,} to {len(targets)}", "batchTransfer", targets, units
        )

    def approve(self, spender: Address, units: int) -> Call:
        return self._write(f"allow {units:,}", "approve", spender, units)

    # ISSUER ----------------------------------------------------------------------------------------

    def issue(self, targets: Sequence[Address], units: Sequence[int], act: Act) -> Call:
        """Actions 1 and 5 (発行, 追加発行)."""
        what = f"issue {sum(units):,} ({act.ref})"
        return self._write(
            what,
            "issue(address[],uint256[],(bytes32,bytes32,uint32))",
            targets,
            units,
            act_struct(act),
            evidence=act.evidence,
        )

    def redeem(self, sources: Sequence[Address], units: Sequence[int], act: Act) -> Call:
        """Action 4 (償還), on or after the redemption date."""
        what = f"redeem {sum(units):,} ({act.ref})"
        return self._write(what, "redeem", sources, units, act_struct(act), evidence=act.evidence)

    def redeem_all(self, sources: Sequence[Address], act: Act) -> Call:
        what = f"redeem all units of {len(sources)} ({act.ref})"
        return self._write(what, "redeemAll", sources, act_struct(act), evidence=act.evidence)

    def split(self, factor: int, act: Act, *, epoch: int) -> Call:
        """Action 6 (分割). `epoch`: how many splits there were when this one was decided."""
        return self._write(f"split 1:{factor} ({act.ref})", "split", factor, epoch, act_struct(act), evidence=act.evidence)

    def close(self, successor: ProductId, act: Act) -> Call:
        """Ends the product for good: it goes on as `successor`, which carries the same total."""
        what = f"close the product, which goes on as {successor} ({act.ref})"
        return self._write(what, "close", to_bytes32(successor), act_struct(act), evidence=act.evidence)

    def set_terms(
        self,
        *,
        legal_category: int,
        terms_digest: Digest | None,
        initial_beneficiary: Address | None,
        authorised_cap: int,
        redemption_date: datetime | None,
    ) -> Call:
        return self._write(
            "set the terms",
            "setTerms",
            legal_category,
            digest_word(terms_digest),
            initial_beneficiary or ZERO_ADDRESS,
            authorised_cap,
            seconds(redemption_date),
        )

    def mint(self, target: Address, units: int) -> Call:
        """ERC-3643 form of `issue`, without papers."""
        return self._write(f"mint {units:,}", "mint", target, units)

    def batch_mint(self, targets: Sequence[Address], units: Sequence[int]) -> Call:
        return self._write(f"mint {sum(units):,}", "batchMint", targets, units)

    def burn(self, source: Address, units: int) -> Call:
        """ERC-3643 form of `redeem`, without papers."""
        return self._write(f"burn {units:,}", "burn", source, units)

    def batch_burn(self, sources: Sequence[Address], units: Sequence[int]) -> Call:
        return self._write(f"burn {sum(units):,}", "batchBurn", sources, units)

    # DISTRIBUTOR -----------------------------------------------------------------------------------

    def distribute(
        self, targets: Sequence[Address], units: Sequence[int], ref: Reference | None
    ) -> Call:
        """Action 2 (配布), whole or not at all."""
        what = f"distribute {sum(units):,} to {len(targets)} ({ref})"
        return self._write(what, "distribute", targets, units, reference_word(ref))

    # RESTRICTOR, and RELEASER for what lifts a restriction -------------------------------------------

    def set_verdict(
        self,
        account: Address,
        *,
        until: datetime | None,
        investor_class: int = 0,
        blocked: bool = False,
    ) -> Call:
        """Action 7 (移転の制限) by investor: verified until then, or blocked."""
        what = "set verdict: blocked" if blocked else "set verdict"
        return self._write(what, "setVerdict", account, seconds(until), investor_class, blocked)

    def batch_set_verdict(
        self,
        accounts: Sequence[Address],
        *,
        until: datetime | None,
        investor_class: int = 0,
        blocked: bool = False,
    ) -> Call:
        what = f"set verdict of {len(accounts)}"
        return self._write(
            what, "batchSetVerdict", accounts, seconds(until), investor_class, blocked
        )

    def set_address_frozen(self, account: Address, *, frozen: bool) -> Call:
        what = "freeze the address" if frozen else "unfreeze the address"
        return self._write(what, "setAddressFrozen", account, frozen)

    def set_frozen_units(self, account: Address, units: int) -> Call:
        """Sets the frozen units to exactly `units`; may exceed the balance."""
        return self._write(f"set frozen units to {units:,}", "setFrozenTokens", account, units)

    def freeze(self, account: Address, units: int) -> Call:
        return self._write(f"freeze {units:,}", "freezePartialTokens", account, units)

    def unfreeze(self, account: Address, units: int) -> Call:
        return self._write(f"unfreeze {units:,}", "unfreezePartialTokens", account, units)

    def set_lock_up(self, account: Address, *, until: datetime | None) -> Call:
        return self._write("set lock-up", "setLockUp", account, seconds(until))

    def set_own_account(self, account: Address, *, own_account: bool) -> Call:
        return self._write("mark own account", "setOwnAccount", account, own_account)

    def set_product_lock_up(self, *, until: datetime | None) -> Call:
        return self._write("set product lock-up", "setProductLockUp", seconds(until))

    def set_permitted_classes(self, mask: int) -> Call:
        """`mask`: bit n set, investor class n may hold."""
        return self._write("set permitted classes", "setPermittedClasses", mask)

    def batch_set_address_frozen(self, accounts: Sequence[Address], frozen: Sequence[bool]) -> Call:
        """ERC-3643 form of several `set_address_frozen`."""
        return self._write(
            f"freeze or unfreeze {len(accounts)} addresses",
            "batchSetAddressFrozen",
            accounts,
            frozen,
        )

    def batch_freeze(self, accounts: Sequence[Address], units: Sequence[int]) -> Call:
        return self._write(
            f"freeze {sum(units):,} at {len(accounts)}", "batchFreezePartialTokens", accounts, units
        )

    def batch_unfreeze(self, accounts: Sequence[Address], units: Sequence[int]) -> Call:
        what = f"unfreeze {sum(units):,} at {len(accounts)}"
        return self._write(what, "batchUnfreezePartialTokens", accounts, units)

    def enable_holder_count(self) -> Call:
        """Counts holders, for a rule that limits their number; before the first issue only."""
        return self._write("count holders", "enableHolderCount")

    def set_rule(self, rule: Address | None) -> Call:
        return self._write("set the extra rule", "setRule", rule or ZERO_ADDRESS)

    # REPAIRER --------------------------------------------------------------------------------------

    def forced_transfer(
        self, source: Address, target: Address, units: int, act: Act | None = None
    ) -> Call:
        """Action 8 (強制移転). Without an act: the form of ERC-7943 and ERC-3643, without papers."""
        if act is None:
            return self._write(
                f"forced transfer of {units:,}",
                "forcedTransfer(address,address,uint256)",
                source,
                target,
                units,
            )
        return self._write(
            f"forced transfer of {units:,} ({act.ref})",
            "forcedTransfer(address,address,uint256,(bytes32,bytes32,uint32))",
            source,
            target,
            units,
            act_struct(act),
            evidence=act.evidence,
        )

    def batch_forced_transfer(
        self, sources: Sequence[Address], targets: Sequence[Address], units: Sequence[int]
    ) -> Call:
        """ERC-3643 form of several forced transfers, without papers."""
        what = f"forced transfers of {sum(units):,}"
        return self._write(what, "batchForcedTransfer", sources, targets, units)

    def redistribute(
        self,
        lost: Address,
        target: Address,
        units: int,
        *,
        incident: Reference | None,
        evidence: Digest | None,
    ) -> Call:
        """Action 9 (再配布), once per incident."""
        return self._write(
            f"redistribute {units:,} ({incident})",
            "redistribute",
            lost,
            target,
            units,
            reference_word(incident),
            digest_word(evidence),
            evidence=evidence,
        )

    def redistribute_burned(
        self,
        burn_ref: Reference,
        target: Address,
        units: int,
        *,
        incident: Reference | None,
        evidence: Digest | None,
    ) -> Call:
        """Action 9 where the units are already gone."""
        return self._write(
            f"re-create {units:,} of {burn_ref} ({incident})",
            "redistributeBurned",
            to_bytes32(burn_ref),
            target,
            units,
            reference_word(incident),
            digest_word(evidence),
            evidence=evidence,
        )

    def reverse_transfer(
        self, original: Reference, source: Address, target: Address, units: int, act: Act
    ) -> Call:
        """Action 10 (逆移転): from the recipient of the trade `original` back to its sender; once."""
        return self._write(
            f"reverse {original} ({act.ref})",
            "reverseTransfer",
            to_bytes32(original),
            source,
            target,
            units,
            act_struct(act),
            evidence=act.evidence,
        )

    def rekey(self, old: Address, new: Address, act: Act) -> Call:
        """Re-keying (鍵の更新): the holder stays, the address changes."""
        return self._write(
            f"re-key ({act.ref})",
            "recoveryAddress(address,address,(bytes32,bytes32,uint32))",
            old,
            new,
            act_struct(act),
            evidence=act.evidence,
        )

    def recover(self, lost: Address, new: Address) -> Call:
        """ERC-3643 form of re-keying, without papers."""
        return self._write(
            "re-key", "recoveryAddress(address,address,address)", lost, new, ZERO_ADDRESS
        )

    # Anybody -----------------------------------------------------------------------------------------

    def sync(self, accounts: Sequence[Address]) -> Call:
        """Writes the pending splits of these accounts; changes no figure that anyone can read."""
        return self._write(f"write the splits of {len(accounts)}", "sync", accounts)
