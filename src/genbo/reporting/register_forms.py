"""The four forms of a register, and of a certificate of entries: JSON, CSV, Excel, PDF."""

from dataclasses import replace

from genbo.compliance.reasons import Language
from genbo.reporting.certificate_paper import certificate_paper
from genbo.reporting.csv_form import as_csv
from genbo.reporting.excel_form import as_xlsx
from genbo.reporting.extent import Form
from genbo.reporting.paper import as_pdf
from genbo.reporting.register_paper import register_paper
from genbo.reporting.register_sheet import register_sheet
from genbo.reporting.sheet import Sheet
from genbo.reporting.statutory_register import StatutoryRegister
from genbo.reporting.ticking import Tick, silent, ticking


def rendered(
    register: StatutoryRegister, form: Form, language: Language, *, tick: Tick = silent
) -> bytes:
    """The register as a file. The same register, form and language are the same bytes.

    Args:
        tick: hears how many lines are written; what it raises ends the document.

    Raises:
        Fault: `file_unreadable` when the fonts of the pages are missing.
    """
    tick(0)
    match form:
        case Form.JSON:
            return register.as_json
        case Form.CSV:
            return as_csv(_told(register_sheet(register, language), tick))
        case Form.XLSX:
            return as_xlsx(_told(register_sheet(register, language), tick), made=register.stamp.at)
        case Form.PDF:
            drawn = register_paper if register.holder is None else certificate_paper
            return as_pdf(drawn(register, language), made=register.stamp.at, tick=tick)


def _told(sheet: Sheet, tick: Tick) -> Sheet:
    return replace(sheet, rows=ticking(sheet.rows, tick))
