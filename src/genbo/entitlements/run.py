"""Run (分配の実行): one distribution from its draft to its approval by somebody else. It is never edited.

    draft ──► approved     its lines can be paid
       └────► rejected     by its maker or by an approver; nothing was paid, and its id is not used again

What was wrong is corrected by a further run that names it; of one run there is one correction at most, which may be
corrected again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from genbo.entitlements.distribution import PerUnit, Totals
from genbo.entitlements.yen_token import YenToken
from genbo.kernel import Digest, ProductId


class RunState(StrEnum):
    """状態."""

    DRAFT = "draft"
    """起案."""
    APPROVED = "approved"
    """承認済."""
    REJECTED = "rejected"
    """却下・取下."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A distribution."""

    id: str
    product: ProductId
    record_day: date
    payment_day: date
    amounts: PerUnit
    totals: Totals
    digest: Digest
    """SHA-256 over its payee lines."""
    root: Digest
    """Root of the tree of its payee lines."""
    why: str
    """The decision it rests on, without personal data."""
    maker: str
    made_at: datetime
    command: str
    """The command whose signatures approve it."""
    token: YenToken | None = None
    """The yen token that it is paid in; None: by bank transfer."""
    corrects: str | None = None
    state: RunState = RunState.DRAFT
    decided_by: str | None = None
    decided_at: datetime | None = None
