"""The text of a file that somebody wrote."""

from pathlib import Path

from genbo.kernel import Fault, Reason


def read_text(path: Path) -> str:
    """The file's text: UTF-8, with or without a byte order mark.

    Raises:
        Fault: `file_unreadable`, with the line where it stops being UTF-8 text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(path), problem=problem) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_text(path, content[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise _not_text(path, text[: text.index("\0")].count("\n") + 1)
    if not text.strip():
        raise Fault(Reason.FILE_UNREADABLE, file=path.name, problem="it is empty")
    return text


def _not_text(path: Path, line: int) -> Fault:
    # Spreadsheet programs in Japan save Shift_JIS unless they are told otherwise.
    return Fault(
        Reason.FILE_UNREADABLE,
        file=path.name,
        line=line,
        problem="not UTF-8 text; where a program asks for the encoding, choose UTF-8",
    )
