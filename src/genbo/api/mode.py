"""Modes (実行区分) of a mutation: asked about, prepared for signing, or done."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from fastapi import Query


class Mode(StrEnum):
    """How far a mutation goes."""

    DRY_RUN = "dry_run"
    """判定のみ: whether it would be refused, and why. Nothing is stored."""
    PREPARE = "prepare"
    """署名準備: what keys outside have to sign. Nothing is stored."""
    SUBMIT = "submit"
    """実行: it is ordered."""


InMode: TypeAlias = Annotated[
    Mode,
    Query(
        description="`dry_run` judges, `prepare` returns what is to be signed, `submit` orders. 実行区分"
    ),
]
