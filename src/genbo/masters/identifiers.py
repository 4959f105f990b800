"""Numbers that somebody assigns and that carry check digits: corporate number, ISIN, LEI, security code."""

import re

from stdnum import lei
from stdnum.exceptions import ValidationError
from stdnum.jp import cn

from genbo.kernel import Reason, Refusal
from genbo.masters.rule import Rule, narrow
from genbo.token.isin import is_isin

__all__ = ["CORPORATE_NUMBER", "ISIN", "LEI", "SECURITY_CODE"]

_TWELVE = re.compile(r"[0-9]{12}")
_SECURITY_CODE = re.compile(r"[1-9][0-9ACDFGHJKLMNPRSTUWXY][0-9][0-9ACDFGHJKLMNPRSTUWXY]")


def _digits(text: str) -> str:
    """Digits without the hyphens people group them by.

    Raises:
        Refusal: `individual_number_refused`: twelve digits may be somebody's individual number
            (マイナンバー), which has no place in this system, whatever column it stands in.
    """
    digits = narrow(text).replace("-", "")
    if _TWELVE.fullmatch(digits):
        raise Refusal(Reason.INDIVIDUAL_NUMBER_REFUSED)
    return digits


def _corporate_number(text: str) -> str:
    digits = _digits(text)
    try:
        return str(cn.validate(digits))
    except ValidationError:
        raise ValueError from None


def _isin(text: str) -> str:
    code = narrow(text).upper()
    if not is_isin(code):
        raise ValueError
    return code


def _lei(text: str) -> str:
    code = narrow(text).upper()
    try:
        return str(lei.validate(code))
    except ValidationError:
        raise ValueError from None


def _security_code(text: str) -> str:
    code = narrow(text).upper()
    if not _SECURITY_CODE.fullmatch(code):
        raise ValueError
    return code


CORPORATE_NUMBER = Rule(
    "13 digits with the right check digit (法人番号)",
    "検査用数字の正しい13桁の法人番号",
    _corporate_number,
)
"""法人番号 (R-PROGMAT-T7.2). The check digit does not notice a 0 written as 9; only the published list does."""
ISIN = Rule("12 characters with the right check digit", "検査数字の正しい12文字のISIN", _isin)
"""ISO 6166 (R-PROGMAT-T3.5)."""
LEI = Rule("20 characters with the right check digits", "検査数字の正しい20文字のLEI", _lei)
"""ISO 17442."""
SECURITY_CODE = Rule(
    "4 characters like 7203 or 130A",
    "7203、130A のような4文字の証券コード",
    _security_code,
)
"""証券コード: text, never a number. Since 2024 letters stand in the second and fourth place, without B E I O Q V Z."""
