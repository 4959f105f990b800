"""Purposes (利用目的): why sealed data is opened, and which of them remain once its use is restricted."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why sealed data is opened. A closed list: what is not here is no purpose."""

    REGISTER = "register"
    """原簿: writing or printing the statutory register"""
    CERTIFICATE = "certificate"
    """記載事項証明: a holder's own extract"""
    PAYMENT = "payment"
    """支払: distributions and redemption money"""
    NOTICE = "notice"
    """通知: mail to the holder"""
    VERIFICATION = "verification"
    """本人確認: judging evidence"""
    ORDER = "order"
    """法令・命令: a court, an authority or an audit asks"""
    MAINTENANCE = "maintenance"
    """保守: making the blind index anew; nobody sees what is opened"""


WHILE_RESTRICTED = frozenset(
    {
        Purpose.REGISTER,
        Purpose.CERTIFICATE,
        Purpose.PAYMENT,
        Purpose.ORDER,
        Purpose.MAINTENANCE,
    }
)
"""What the law or the holder's own right still demands while use is restricted (利用制限); mail and a new judgement of
somebody who has left, it does not."""
