"""An allotment file (配分): who applies for how many units of an offering."""

from pathlib import Path

from genbo.cli.files.columns import INVESTOR, UNITS
from genbo.cli.files.table import read_table
from genbo.compliance.allotment import Application


def read_allotment(path: Path) -> list[Application]:
    """The applications of a CSV file; the same investor twice is judged with the offering, not here.

    Raises:
        FileProblems: everything that is wrong, with line and column.
        Fault: `file_unreadable`.
    """
    return read_table(
        path,
        {"investor_id": INVESTOR, "units": UNITS},
        lambda line, row: Application(line=line, investor=row["investor_id"], units=row["units"]),
    )
