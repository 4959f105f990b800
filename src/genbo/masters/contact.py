"""How somebody is reached: postal code, telephone, e-mail."""

import re

from email_validator import EmailNotValidError, validate_email

from genbo.masters.rule import Rule, narrow

__all__ = ["EMAIL", "PHONE", "POSTAL_CODE"]

_POSTAL_CODE = re.compile(r"〒?([0-9]{3})-?([0-9]{4})")
_PHONE = re.compile(r"\+?[0-9]+(-[0-9]+)*")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+]+(?:[.-][A-Za-z0-9_+]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}"
)
_LONGEST_PLAIN = 64


def _postal_code(text: str) -> str:
    found = _POSTAL_CODE.fullmatch(narrow(text))
    if not found:
        raise ValueError
    return f"{found[1]}-{found[2]}"


def _phone(text: str) -> str:
    number = narrow(text)
    digits = sum(sign.isdigit() for sign in number)
    if not _PHONE.fullmatch(number) or not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        raise ValueError
    return number


def _email(text: str) -> str:
    address = text.strip()
    # Most addresses are plain; the full grammar takes ten times as long to ask.
    if len(address) <= _LONGEST_PLAIN and _PLAIN_EMAIL.fullmatch(address):
        return address
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError from None
    if "." not in found.ascii_domain:
        raise ValueError
    return found.normalized


POSTAL_CODE = Rule("seven digits like 150-0041", "150-0041 のような7桁の郵便番号", _postal_code)
"""郵便番号, with or without hyphen; kept as NNN-NNNN (R-PROGMAT-T7.10)."""
PHONE = Rule(
    f"{_FEWEST_DIGITS} to {_MOST_DIGITS} digits, with hyphens between them and a plus in front if need be",
    f"{_FEWEST_DIGITS}〜{_MOST_DIGITS}桁の数字（ハイフン、先頭の + 可）",
    _phone,
)
"""電話番号 (R-PROGMAT-T7.12)."""
EMAIL = Rule("an e-mail address", "メールアドレス", _email)
"""メールアドレス (R-PROGMAT-T7.13): its syntax only; nobody is asked whether it exists."""
