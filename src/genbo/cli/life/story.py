"""The story from its first chapter to the last, and the summary of it."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from genbo.bootstrap.check import check_system
from genbo.bootstrap.founding import found_office
from genbo.bootstrap.house import House, open_house
from genbo.bootstrap.interrupts import shielded
from genbo.chain.verify import require
from genbo.cli.examples import example_folder
from genbo.cli.files.written import make_folder, write_file
from genbo.cli.findings import findings_document, say_findings
from genbo.cli.life import closing, market, offering, repair, trading
from genbo.cli.life.stage import Stage, StoryClock
from genbo.cli.output import Output, plain
from genbo.cli.session import block_line
from genbo.config import settings_of_its_own
from genbo.kernel import JST, UTC, Fault, ProductId, Reason
from genbo.reconciliation.invariants import Finding

PRODUCT = ProductId("SHIBUYA-JINNAN")

_BEGIN = datetime(2021, 7, 1, 9, tzinfo=JST).astimezone(UTC)
_EXAMPLE = "shibuya-jinnan"


def tell(output: Output, *, out: Path, data: Path | None) -> dict[str, Any]:
    """Plays the story and writes its files; the summary.

    Args:
        out: folder of the files.
        data: folder that keeps chain and database; None removes them.

    Raises:
        Fault: `setting_invalid` when `data` holds a chain already, `file_unwritable`, and as `open_house`.
    """
    began = time.monotonic()
    example = example_folder(_EXAMPLE)
    make_folder(out)
    if data is not None and (data / "chain.bin").exists():
        raise Fault(
            Reason.SETTING_INVALID,
            setting="--data",
            problem=f"{data} holds a chain already; GENBO_DATA={data} genbo up goes on with it",
            allowed="a new folder",
        )
    clock = StoryClock(_BEGIN)
    with _folder(data) as folder:
        settings = settings_of_its_own(folder)
        with open_house(
            settings, genesis_at=_BEGIN, clock=clock, durable=data is not None, begin=True
        ) as house:
            summary = _play(house, output, clock, example, out)
    summary["seconds"] = round(time.monotonic() - began, 1)
    text = json.dumps(summary, ensure_ascii=False, indent=2, default=plain) + "\n"
    write_file(out / "summary.json", text.encode())
    tally = summary["tally"]
    output.heading("Summary")
    output.say(
        f"{tally['acts']} acts done and {tally['refusals']} refused, {tally['transactions']} transactions, "
        f"{tally['gas']:,} gas, {summary['seconds']} seconds"
    )
    output.say(f"registers, provenance and summary.json are in {out}/")
    if data is not None:
        output.say(
            f"chain and database are in {data}; GENBO_DATA={data} genbo up goes on with them"
        )
    return summary


def _play(
    house: House, output: Output, clock: StoryClock, example: Path, out: Path
) -> dict[str, Any]:
    output.heading("1. The platform: deployed, duties handed over, verified")
    office = found_office(house, echo=lambda line: output.say(f"  {line}"))
    stamp = require(house.node, office.deployment)
    output.say(f"  code, duties, wiring and Safes verified at {block_line(stamp)}")

    stage = Stage(office, output, clock, PRODUCT)
    terms = offering.create(stage, example)
    offering.admit(stage, example)
    offering.issue(stage, terms)
    offering.distribute(stage, terms, example)
    closing.redeem_too_early(stage)
    trading.sale(stage)
    trading.restrictions(stage)
    repair.court_order(stage)
    repair.mistake(stage)
    repair.lost_key(stage)
    repair.loss(stage)
    repair.split(stage)
    market.closed(stage)
    market.stopped(stage)
    registers = closing.registers(stage, terms, out)
    provenance = closing.provenance(stage, out)
    stage.chapter("15. The invariants, while units are outstanding")
    findings = _check(stage)
    closing.redeem(stage)
    stage.chapter("17. The invariants, after the end")
    findings += _check(stage)
    return {
        "product": terms.product_id,
        "terms": terms.as_fields(),
        "tally": stage.tally(),
        "registers": registers,
        "provenance": provenance,
        "total_issued": int(stage.token.total_supply().value),
        "invariants": findings_document(findings, office.now()),
        "acts": stage.lines,
    }


def _check(stage: Stage) -> list[Finding]:
    checked = check_system(stage.office.house, stage.office.deployment)
    say_findings(stage.output, checked.findings, checked.inspection.stamp)
    return checked.findings


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder that keeps everything, or one that is gone when the block ends."""
    if data is not None:
        yield data
        return
    made: Path | None = None
    try:
        with shielded():
            made = Path(tempfile.mkdtemp(prefix="genbo-demo-"))
        yield made
    finally:
        if made is not None:
            with shielded():
                shutil.rmtree(made, ignore_errors=True)
