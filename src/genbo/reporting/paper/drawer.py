"""Drawers (描画プロセス): processes that draw pages for this one.

Typst keeps what it has laid out for as long as its process lives, some 40 kilobytes a page, so a service that draws
registers would grow until it is ended. A drawer draws for whoever asks, one paper after the other, and ends when it has
drawn many pages. It also leaves this process free while it draws, and may be ended in the middle.

Names go through pipes only; its complaints, which may quote them, go nowhere.
"""

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from genbo.kernel import Fault, Reason
from genbo.reporting.ticking import Tick

_PROGRAM = Path(__file__).with_name("drawing.py")
_MOST_PAGES = 500
"""Pages after which a drawer ends."""
_MOST_IDLE = 2
"""Drawers that wait for the next paper."""
_HEARD_EVERY = 0.5
"""Seconds between two ticks while it draws."""

_idle: list["_Drawer"] = []
_guard = threading.Lock()


def draw(
    template: bytes,
    inputs: dict[str, str],
    fonts: list[str],
    form: dict[str, Any],
    *,
    pages: int,
    rows: int,
    tick: Tick,
) -> list[bytes]:
    """The files that Typst makes of a template: one, or one a page.

    Args:
        tick: hears, as long as it is drawn, that all `rows` are written; what it raises ends the drawing.

    Raises:
        Fault: `invariant_broken` when it cannot be drawn.
    """
    drawer = _taken()
    try:
        drawn = drawer.drawn(template, inputs, fonts, form, rows=rows, tick=tick)
    except BaseException:
        drawer.end()
        raise
    drawer.pages += pages
    _given_back(drawer)
    return drawn


def _taken() -> "_Drawer":
    with _guard:
        while _idle:
            drawer = _idle.pop()
            if drawer.lives:
                return drawer
            drawer.end()
    return _Drawer()


def _given_back(drawer: "_Drawer") -> None:
    with _guard:
        if drawer.pages < _MOST_PAGES and len(_idle) < _MOST_IDLE:
            _idle.append(drawer)
            return
    drawer.end()


def end_drawers() -> None:
    """Ends those that wait; the next paper begins one anew."""
    with _guard:
        while _idle:
            _idle.pop().end()


atexit.register(end_drawers)


class _Drawer:
    """One such process."""

    def __init__(self) -> None:
        self.pages = 0
        # Without our own folder on its path: modules of ours must not stand in for others.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what interrupts us is ours to hear
        )

    @property
    def lives(self) -> bool:
        """Whether nobody has ended it meanwhile."""
        return self._process.poll() is None

    def drawn(
        self,
        template: bytes,
        inputs: dict[str, str],
        fonts: list[str],
        form: dict[str, Any],
        *,
        rows: int,
        tick: Tick,
    ) -> list[bytes]:
        asked = {"inputs": inputs, "fonts": fonts, "form": form, "template": len(template)}
        found: list[bytes] = []
        talk = threading.Thread(
            target=self._talk, args=(json.dumps(asked).encode() + b"\n" + template, found)
        )
        talk.start()
        try:
            while talk.is_alive():
                talk.join(_HEARD_EVERY)
                tick(rows)
        except BaseException:
            self._process.kill()
            talk.join()
            raise
        if not found:
            raise Fault(Reason.INVARIANT_BROKEN, problem="a page cannot be drawn")
        return found

    def end(self) -> None:
        """It has nothing to do any more."""
        with suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _talk(self, content: bytes, found: list[bytes]) -> None:
        source, target = self._process.stdout, self._process.stdin
        assert source is not None
        assert target is not None
        with suppress(
            OSError, ValueError, KeyError
        ):  # it ended in the middle, or says that it could not
            target.write(content)
            target.flush()
            lengths = json.loads(source.readline())["lengths"]
            files = [source.read(length) for length in lengths]
            if [len(each) for each in files] == lengths:
                found += files
