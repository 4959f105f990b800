"""Versions (ETag): whoever changes a master says which version of it was read, so that no change undoes another's."""

import hashlib
import re
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel

from genbo.kernel import Reason, Refusal

_TAGS = re.compile(r'\s*(\*|(?:(?:W/)?"[\x21\x23-\x7e]*"\s*,?\s*)+)\s*')
M = TypeVar("M", bound=BaseModel)

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Not changed. 変更なし"}}
"""For the description of a route that answers with a version."""


class Unchanged(Exception):
    """The reader has this version already; it is answered with 304."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


_TAG = re.compile(r'"[\x21\x23-\x7e]*"')


def etag(master: BaseModel) -> str:
    """The version of `master` as it is shown."""
    shown = master.model_dump_json(exclude_none=True).encode()
    return f'"{hashlib.sha256(shown).hexdigest()[:32]}"'


def require_version(master: BaseModel, if_match: str | None) -> None:
    """Nothing, when the request names the version that there is. `*` names any.

    Raises:
        Refusal: `version_missing`; `version_differs`, also for what is no list of ETags.
    """
    if if_match is None:
        raise Refusal(Reason.VERSION_MISSING)
    listed = _TAGS.fullmatch(if_match)
    if listed and (listed[1] == "*" or etag(master) in _TAG.findall(if_match)):
        return
    raise Refusal(Reason.VERSION_DIFFERS)


def is_unchanged(master: BaseModel, if_none_match: str | None) -> bool:
    """Whether the reader has this very version already."""
    if if_none_match is None or not (listed := _TAGS.fullmatch(if_none_match)):
        return False
    return listed[1] == "*" or etag(master) in _TAG.findall(if_none_match)


def answer_version(master: M, response: Response, if_none_match: str | None) -> M:
    """`master`, its version in the answer's ETag. Raises Unchanged where the reader has it already."""
    tag = etag(master)
    if is_unchanged(master, if_none_match):
        raise Unchanged(tag)
    response.headers["ETag"] = tag
    return master
