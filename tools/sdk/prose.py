"""Prose in generated modules."""

from unicodedata import east_asian_width


def wrapped(text: str, *, indent: int, following: int | None = None) -> list[str]:
    """`text` as lines of the house's width, in which a Japanese character is as wide as two others."""
    safe = text.replace("\\", "\\\\")
    lines = [" " * indent]
    for word in safe.split():
        if width(f"{lines[-1]} {word}") > 112 and lines[-1].strip():
            lines.append(" " * (indent if following is None else following))
        lines[-1] += word if not lines[-1].strip() else f" {word}"
    return lines


def width(text: str) -> int:
    """Columns that the text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
