"""Acting (処理の実行): what all acts under a duty have in common: asked about, prepared for signing, or ordered.

an act
├── `dry_run`: allowed, or the problem for which it would be refused; nothing is stored
├── `prepare`: the exact command, as typed data that the maker's key signs; nothing is stored
└── `submit`, with the maker's signature
    ├── that is not over exactly this command: `signature_invalid`; of an account without the duty: `duty_missing`
    ├── when the contract refuses it: its reason, and the command is kept as refused
    └── otherwise: 201 with the command, which waits for approvals or is queued
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from genbo.api.asking import Asking, Asks
from genbo.api.ids import ADDRESS
from genbo.api.judged import Judged
from genbo.api.mode import InMode, Mode
from genbo.api.problem import Problem, problem
from genbo.bootstrap.acts import ActDesk, ActName, Planned
from genbo.bootstrap.signed_outside import Handed, Prepared, SignedOutside, ToSign
from genbo.chain.contracts.base import as_address
from genbo.governance import CommandState, Stored
from genbo.governance.command import ENDED
from genbo.kernel import Address, Fault, ProductId, Reason, Refusal, Refusals

SIGNATURE = r"^0x[0-9a-fA-F]{130}$"

AnAccount: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=ADDRESS),
    Field(description="Account of the signer. 署名者のアドレス"),
]
ASignature: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=SIGNATURE),
    Field(description="65 bytes r, s, v over the EIP-712 hash. 署名"),
]
ASafeSignature: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=SIGNATURE),
    Field(
        description="Over the Safe's transaction of the number `safe_nonce`. 二名承認口座への署名"
    ),
]
ASafeNonce: TypeAlias = Annotated[
    int, Field(ge=0, le=2**53 - 1, strict=True, description="Number of the Safe. 口座の番号")
]


class Signer(BaseModel):
    """Somebody who signs with a key that is not here (署名者)."""

    account: AnAccount
    signature: Annotated[
        ASignature | None, Field(description="Over the command; wanted by `submit`. 署名")
    ] = None
    safe_signature: Annotated[
        ASafeSignature | None,
        Field(
            description="Over the Safe's transaction; where the sender has no such key. 二名承認口座への署名"
        ),
    ] = None
    safe_nonce: Annotated[
        ASafeNonce | None, Field(description="Number that it is over. 口座の番号")
    ] = None

    @property
    def address(self) -> Address:
        return as_address(self.account.lower())

    def handed(self, place: str = "") -> Handed:
        """The signatures.

        Raises:
            Refusal: `request_malformed` where one is missing.
        """
        if self.signature is None:
            raise Refusal(
                Reason.REQUEST_MALFORMED, field=f"body.{place}signature", problem="missing"
            )
        if (self.safe_signature is None) is not (self.safe_nonce is None):
            raise Refusal(
                Reason.REQUEST_MALFORMED, field=f"body.{place}safe_nonce", problem="missing"
            )
        return Handed(
            account=self.address,
            signature=bytes.fromhex(self.signature[2:]),
            safe_signature=bytes.fromhex(self.safe_signature[2:]) if self.safe_signature else None,
            safe_nonce=self.safe_nonce,
        )


class Order(BaseModel):
    """An act as it is ordered. Bodies of acts extend it."""

    maker: Annotated[
        Signer | None,
        Field(
            description="Who orders it; `prepare` needs the account, `submit` the signature. 起案者"
        ),
    ] = None


# Answers ---------------------------------------------------------------------------------------------


class TypedData(BaseModel):
    """EIP-712 typed data and its hash: what a key signs (署名対象)."""

    typed_data: Annotated[
        dict[str, Any],
        Field(
            description="As `eth_signTypedData_v4` and `eth_account.encode_typed_data` take it. 署名対象"
        ),
    ]
    digest: Annotated[str, Field(description="The 32 bytes that are signed. ダイジェスト")]

    @classmethod
    def of(cls, to_sign: ToSign) -> "TypedData":
        return cls(typed_data=to_sign.typed_data, digest=to_sign.digest)


class SafeData(TypedData):
    """The same act as the next transaction of the Safe that makes it (二名承認口座の取引)."""

    nonce: Annotated[int, Field(description="The Safe's next number. 口座の番号")]


class ToBeSigned(BaseModel):
    """A command as its maker or an approver is asked to sign it (署名準備)."""

    command: Annotated[str, Field(description="Id that it has or will have. 指図ID")]
    act: Annotated[ActName | None, Field(description="None for an approval. 処理名")]
    what: Annotated[str, Field(description="The act in a few words. 処理")]
    account: Annotated[
        str, Field(description="Account that acts: a Safe or the maker's own. 実行口座")
    ]
    duty: Annotated[str | None, Field(description="職務")]
    maker: Annotated[str, Field(description="起案者のアドレス")]
    sign: Annotated[TypedData, Field(description="The command. 指図への署名対象")]
    needed: Annotated[int, Field(description="People who sign, the maker among them. 必要人数")]
    entitled: Annotated[list[str], Field(description="Whose signatures count. 署名権者")]
    safe: Annotated[
        SafeData | None,
        Field(
            description="To be signed as well where the sender cannot reach the key; void when another act of the "
            "Safe comes first. 二名承認口座への署名対象"
        ),
    ] = None

    @classmethod
    def of(cls, prepared: Prepared, act: ActName | None = None) -> "ToBeSigned":
        command, safe = prepared.command, prepared.safe
        return cls(
            command=command.id,
            act=act,
            what=command.what,
            account=command.account,
            duty=None if command.duty is None else command.duty.name,
            maker=command.maker_account,
            sign=TypedData.of(prepared.to_sign),
            needed=prepared.needed,
            entitled=list(prepared.entitled),
            safe=None
            if safe is None
            else SafeData(typed_data=safe.typed_data, digest=safe.digest, nonce=safe.nonce),
        )


class SignedBy(BaseModel):
    """A signature over exactly this command (署名)."""

    name: Annotated[str, Field(description="As the key store names it, or the account. 署名者")]
    account: Annotated[str, Field(description="アドレス")]
    at: Annotated[datetime, Field(description="署名日時")]


class Command(BaseModel):
    """A command (指図) as it stands."""

    command: Annotated[str, Field(description="指図ID")]
    state: Annotated[CommandState, Field(description="状態")]
    ended: Annotated[bool, Field(description="Whether it stays as it is. 完了")]
    what: Annotated[str, Field(description="The act in a few words. 処理")]
    product: Annotated[str | None, Field(description="受益権ID")]
    duty: Annotated[str | None, Field(description="職務")]
    account: Annotated[str, Field(description="Account that acts. 実行口座")]
    ref: Annotated[str | None, Field(description="取引ID")]
    evidence: Annotated[str | None, Field(description="Digest of the document. 根拠書類")]
    digest: Annotated[str, Field(description="EIP-712 hash that is signed. 署名対象")]
    signatures: Annotated[list[SignedBy], Field(description="The maker's first. 署名")]
    made_at: Annotated[datetime, Field(description="起案日時")]
    changed_at: Annotated[datetime, Field(description="状態変更日時")]
    tx: Annotated[str | None, Field(description="取引ハッシュ")]
    block: Annotated[int | None, Field(description="ブロック番号")]
    gas_used: Annotated[int | None, Field(description="ガス使用量")]
    refusal: Annotated[Problem | None, Field(description="Why it was refused. 拒否理由")]

    @classmethod
    def of(cls, stored: Stored, ask: Asking, request: Request) -> "Command":
        command, outcome = stored.command, stored.outcome
        refusal = outcome.refusal()
        return cls(
            command=stored.id,
            state=stored.state,
            ended=stored.state in ENDED,
            what=command.what,
            product=command.product,
            duty=None if command.duty is None else command.duty.name,
            account=command.account,
            ref=command.ref,
            evidence=command.evidence,
            digest=stored.digest,
            signatures=[
                SignedBy(name=each.name, account=each.account, at=each.at)
                for each in stored.approvals
            ],
            made_at=stored.made_at,
            changed_at=stored.changed_at,
            tx=outcome.tx,
            block=outcome.block,
            gas_used=outcome.gas_used,
            refusal=None if refusal is None else problem_of(refusal, ask, request),
        )


Ordered: TypeAlias = Judged | ToBeSigned | Command
"""What an act answers, by its mode."""

ORDERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`dry_run`: the judgement; `prepare`: what is to be signed. 判定・署名準備"
    },
    201: {"model": Command, "description": "`submit`: the command. 指図"},
}


def problem_of(refusal: Refusal, ask: Asking, request: Request) -> Problem:
    """`refusal` as a part of an answer."""
    each = refusal.each if isinstance(refusal, Refusals) else ()
    return problem(refusal, request=request.state.id, language=ask.language, each=each)


# How -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """One act of an institution's system, in its mode."""

    ask: Asking
    mode: Mode
    request: Request
    response: Response

    @property
    def outside(self) -> SignedOutside:
        return self.ask.office.signed_outside

    def of_product(
        self,
        product: str,
        order: Order,
        plan: Callable[[ActDesk], Planned],
        *,
        document: str | None = None,
    ) -> Ordered:
        """An act about a product that the institution keeps.

        Raises:
            Refusal: `not_found`; as `plan`; as the tree above.
        """
        found = self.ask.sight.product(ProductId(product))
        self.ask.office.has_token(found.product_id)  # one that another process has just created
        known = self.outside.find(self.ask.key)
        since = None if known is None else known.made_at
        desk = ActDesk(
            office=self.ask.office, product=found.product_id, known_since=since, known=known
        )
        return self.of_platform(order, lambda: plan(desk), document=document)

    def of_platform(
        self, order: Order, plan: Callable[[], Planned], *, document: str | None = None
    ) -> Ordered:
        """An act about all products. Raises as `of_product`."""
        if self.mode is Mode.DRY_RUN:
            return self._judge(order, plan)
        if order.maker is None:
            raise Refusal(Reason.REQUEST_MALFORMED, field="body.maker", problem="missing")
        planned = plan()
        command = self.outside.command(
            planned.call,
            planned.duty,
            maker=order.maker.address,
            key=self.ask.key,
            product=planned.product,
            ref=planned.ref,
        )
        known = self.outside.find(command.key)
        if self.mode is Mode.PREPARE:
            self._not_against(planned)
            return ToBeSigned.of(self.outside.prepare(command), planned.name)
        handed = order.maker.handed("maker.")
        if known is None:
            self._not_against(planned)
        stored = self.outside.submit(
            command, handed, by=self.ask.by, document=document, noting=planned.noting
        )
        return self.answered(stored)

    def answered(self, stored: Stored) -> Command:
        """The command as it stands now, with the status of what was done."""
        self.response.status_code = 201
        return Command.of(stored, self.ask, self.request)

    def judged_by(self, ask: Callable[[], None]) -> Judged:
        """Whether `ask` refuses."""
        try:
            ask()
        except Fault:
            raise
        except Refusal as refusal:
            return self.judged(refusal)
        return self.judged(None)

    def _judge(self, order: Order, plan: Callable[[], Planned]) -> Judged:
        try:
            planned = plan()
            self._not_against(planned)
            maker = order.maker.address if order.maker else None
            command = self.outside.command(
                planned.call,
                planned.duty,
                maker=maker or self.outside.first_entitled(planned.duty),
                key=self.ask.key,
                product=planned.product,
                ref=planned.ref,
            )
            refusal = self.outside.refusal(command)
        except Fault:
            raise
        except Refusal as found:
            refusal = found
        return self.judged(refusal)

    def judged(self, refusal: Refusal | None) -> Judged:
        """The answer to a question."""
        return Judged.of(refusal, self.request)

    @staticmethod
    def _not_against(planned: Planned) -> None:
        if (refusal := planned.judge()) is not None:
            raise refusal


def acting(ask: Asks, request: Request, response: Response, mode: InMode = Mode.SUBMIT) -> Acting:
    """How the route carries out an act."""
    return Acting(ask=ask, mode=mode, request=request, response=response)


Acts: TypeAlias = Annotated[Acting, Depends(acting)]
