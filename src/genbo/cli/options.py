"""Options that several commands share, so that they read the same everywhere."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import typer

from genbo.compliance.reasons import Language

AsJson: TypeAlias = Annotated[
    bool,
    typer.Option("--json", help="Print exactly one JSON document, an error included."),
]
Lang: TypeAlias = Annotated[
    Language, typer.Option("--lang", help="Language of refusals: en or ja (日本語).")
]
ProductKey: TypeAlias = Annotated[
    str, typer.Option("--product", help="Product id (受益権ID), e.g. SHIBUYA-JINNAN.")
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help=(
            "The instant: 2022-01-31 means the end of that day in Japan (24:00 JST); "
            "2022-01-31T15:00:00Z means everything before it; a time without a zone is Japan's. "
            "Default: the latest block."
        ),
    ),
]
AsOfBlock: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--as-of-block",
        min=0,
        help="The block: everything up to and including it, and nothing after it.",
    ),
]


def examples(*lines: str) -> str:
    """Lines that a reader can type, at the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def examples_of(words: str, lines: Sequence[str]) -> str:
    """Those of the lines that show the command, at the end of its help."""
    return examples(*(line for line in lines if f" {words} " in f"{line} "))
