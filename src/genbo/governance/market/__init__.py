"""Market (市場): when ordinary transfers run.

Bank days with the operator's overrides, hours of opening, transfer-enable groups and book closings are data; one
function, `may_execute`, judges them all. It answers the pre-check of an order, plans its delivery, and says when the
market on the ledger is to be opened and closed, so these never disagree (R-PROGMAT-CTL-3 to CTL-8).
"""

from genbo.governance.market.authorisation import Authorisation, validity_refusal
from genbo.governance.market.book_closing import BookClosing, BookClosingRule, ClosingCause
from genbo.governance.market.calendar import BankCalendar, Override
from genbo.governance.market.decision import Decision, DecisionKind, market_known
from genbo.governance.market.delivery import DeliveryWindow, delivery_window, first_delivery_date
from genbo.governance.market.execution import ActKind, Answer, ProductControls, may_execute
from genbo.governance.market.groups import TransferGroup
from genbo.governance.market.hours import MarketHours, Schedule, Session, Window
from genbo.governance.market.order import OrderState, StoredOrder, TransferOrder, may_deliver
from genbo.governance.market.state import Market

__all__ = [
    "ActKind",
    "Answer",
    "Authorisation",
    "BankCalendar",
    "BookClosing",
    "BookClosingRule",
    "ClosingCause",
    "Decision",
    "DecisionKind",
    "DeliveryWindow",
    "Market",
    "MarketHours",
    "OrderState",
    "Override",
    "ProductControls",
    "Schedule",
    "Session",
    "StoredOrder",
    "TransferGroup",
    "TransferOrder",
    "Window",
    "delivery_window",
    "first_delivery_date",
    "market_known",
    "may_deliver",
    "may_execute",
    "validity_refusal",
]
