"""Base58 with a checksum, as extended keys are written: no 0, O, I, l; the last four bytes prove the others."""

import hashlib

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)}
_CHECKSUM = 4


def decode_checked(text: str) -> bytes:
    """The bytes that `text` writes, without their checksum.

    Raises:
        ValueError: a foreign character, or a checksum that does not fit. It never repeats the text.
    """
    number = 0
    for letter in text:
        if letter not in _DIGITS:
            raise ValueError("a character that base58 does not have")
        number = number * 58 + _DIGITS[letter]
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, checksum = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
    if len(raw) < _CHECKSUM or _checksum(payload) != checksum:
        raise ValueError("the checksum does not fit")
    return payload


def encode_checked(payload: bytes) -> str:
    """`payload` and its checksum as text; what `decode_checked` reads back."""
    raw = payload + _checksum(payload)
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _ALPHABET[digit] + letters
    return _ALPHABET[0] * (len(raw) - len(raw.lstrip(b"\0"))) + letters


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:_CHECKSUM]
