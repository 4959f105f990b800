"""Search forms (検索用の正規形): what of a value is compared when somebody searches for it.

The blind index holds no values but keyed digests of these forms, so two spellings that mean one value must have one
form, and nothing looser: a digest can only be equal or not.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

import jaconv

CORPORATE_NUMBER = "corporate_number"
NAME = "name"
NAME_FOLDED = "name_folded"
PAYEE_ACCOUNT = "payee_account"

SEARCHED = (CORPORATE_NUMBER, NAME, NAME_FOLDED, PAYEE_ACCOUNT)
"""What can be searched for. A broker's customer number is not sealed and needs no index."""

_ACCOUNT = (
    "payee_bank_code",
    "payee_branch_code",
    "payee_account_kind",
    "payee_account_number",
)
"""The fields that name an account together, in this order."""

_GAPS = re.compile(r"[\s・.,，．'’\-‐‑–—]+")


def searched_as(field: str, value: str) -> str:
    """The form of `value` as `field` is searched; empty when nothing of it can be searched.

    A name is compared as written, width and outer blanks apart; folded, also without blanks and marks, in one case,
    and in katakana. An account is written as bank code, branch code, kind and number, with a blank or a hyphen between.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if field == NAME:
        return " ".join(plain.split())
    if field == NAME_FOLDED:
        return _folded(plain)
    if field == PAYEE_ACCOUNT:
        return "/".join(re.split(r"[\s/\-]+", plain))
    return re.sub(r"[\s\-]+", "", plain)


def _folded(name: str) -> str:
    """Without gaps, in one case and in katakana. Once the gap between them is gone, or in another case, letters and
    marks may come together, so it is folded until nothing changes."""
    bare = _GAPS.sub("", jaconv.hira2kata(name).casefold())
    folded = unicodedata.normalize("NFKC", bare)
    return folded if folded == name else _folded(folded)


def forms_of(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Field and form of everything in an investor's `values` that can be searched. `values` has the names of the sealed
    columns, and `name`."""
    if name := values.get("name"):
        yield NAME, searched_as(NAME, name)
        yield NAME_FOLDED, searched_as(NAME_FOLDED, name)
    if number := values.get("corporate_number"):
        yield CORPORATE_NUMBER, searched_as(CORPORATE_NUMBER, number)
    account = [values.get(field) for field in _ACCOUNT]
    if all(account):
        yield PAYEE_ACCOUNT, searched_as(PAYEE_ACCOUNT, "/".join(each or "" for each in account))
