"""ISIN (ISO 6166): the twelve characters that name a security, the last one a check digit."""

import re

_FORM = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")


def is_isin(text: str) -> bool:
    """Whether `text` has the form of an ISIN and its check digit is right (R-PROGMAT-T3.5)."""
    if not _FORM.fullmatch(text):
        return False
    digits = "".join(str(int(character, 36)) for character in text)  # A is 10, Z is 35
    # Every second digit from the right is doubled; the digits of what results add up to tens.
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return total % 10 == 0
