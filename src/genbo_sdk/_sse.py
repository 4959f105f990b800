"""Server-sent events: the lines of a stream as events."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEvent:
    """One event as it came."""

    id: str
    """The last id so far: the stream goes on after it."""
    kind: str
    data: str = field(repr=False)


class EventParser:
    """Takes lines, gives events. What was not finished when the connection ended is not given: it comes again."""

    def __init__(self) -> None:
        self.last_id = ""
        self.retry: float | None = None
        """Seconds to wait before connecting again, where the registry said."""
        self.restart()

    def restart(self) -> None:
        """A new connection begins with a new event."""
        self._data: list[str] = []
        self._kind = ""
        self._id = self.last_id

    def feed(self, line: str) -> ServerEvent | None:
        """The event that ends with this line, if one does."""
        if not line:
            return self._finished()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._kind = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value) / 1000
        return None

    def _finished(self) -> ServerEvent | None:
        data, kind = "\n".join(self._data), self._kind or "message"
        self.last_id, empty = self._id, not self._data  # an id counts once its event is whole
        self.restart()
        return None if empty else ServerEvent(id=self.last_id, kind=kind, data=data)
