"""Drawing (描画) in a process of its own: reads what is to be drawn from its input, writes what was drawn to its
output, and ends when nobody writes any more. Run by `drawer.py`; it imports nothing of ours, so that it begins at once.

    input    a line of JSON: inputs, fonts, form, and the length of the template that follows it
    output   a line of JSON: the lengths of the files that follow it, or the kind of what went wrong
"""

import json
import sys
import warnings
from datetime import datetime
from functools import lru_cache
from typing import Any

import typst


@lru_cache(maxsize=1)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )


def _drawn(asked: dict[str, Any], template: bytes) -> list[bytes]:
    form = asked["form"]
    if "timestamp" in form:
        form["timestamp"] = datetime.fromisoformat(form["timestamp"])
    compiler = typst.Compiler(
        input=template,
        font_paths=_fonts(tuple(asked["fonts"])),
        ignore_system_fonts=True,
        sys_inputs=asked["inputs"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", typst.TypstWarning)
        drawn = compiler.compile(**form)
    return drawn if isinstance(drawn, list) else [drawn or b""]


def main() -> None:
    """Draws until the input ends."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        asked = json.loads(line)
        template = source.read(asked["template"])
        try:
            files = _drawn(asked, template)
            answer: dict[str, Any] = {"lengths": [len(each) for each in files]}
        except (
            Exception
        ) as error:  # its words may quote what was to be printed: only its kind is told
            files, answer = [], {"error": type(error).__name__}
        target.write(json.dumps(answer).encode() + b"\n")
        for each in files:
            target.write(each)
        target.flush()


if __name__ == "__main__":
    main()
