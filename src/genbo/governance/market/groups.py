"""TransferGroup (移転実行可否制御, R-PROGMAT-T4): one switch for the transfers of the products that share it."""

from dataclasses import dataclass, field
from datetime import datetime

from genbo.kernel import Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferGroup:
    """The switch as it was set last: by one person, approved by another (T4.2).

    Raises:
        Refusal: `same_person`.
    """

    group: str
    """移転実行可否制御ID (T4.1)."""
    is_enabled: bool
    """移転実行可否フラグ (T4.2)."""
    by: str
    approved_by: str
    at: datetime
    why: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.by == self.approved_by:
            raise Refusal(
                Reason.SAME_PERSON, account=self.approved_by, role="approver", other="maker"
            )
