"""The examples that come along: inside the installed package, or beside the sources of a checkout."""

from importlib.resources import files
from pathlib import Path

from genbo.kernel import Fault, Reason


def example_folder(name: str) -> Path:
    """The files of the example.

    Raises:
        Fault: `file_unreadable` when it is not installed.
    """
    package = Path(str(files("genbo")))
    for folder in (package / "examples" / name, package.parents[1] / "examples" / name):
        if folder.is_dir():
            return folder
    raise Fault(Reason.FILE_UNREADABLE, file=f"examples/{name}", problem="not installed")
