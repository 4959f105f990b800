"""`genbo distribution anchor`, `prove`, `verify`: a payee list on the ledger, and a line of it shown to anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.distribution.declaring import RunId
from genbo.cli.options import AsJson, Lang, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from datetime import date

    from genbo.bootstrap.payee_list import PayeeProof
    from genbo.chain.merkle import Record

LINES = (
    "genbo distribution anchor D-2022-01",
    "genbo distribution prove D-2022-01 IV-0003 proof.json",
    "genbo distribution verify proof.json",
)


def anchor(run: RunId, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Commit to the payee list of an approved run on the ledger (アンカリング), such as one that was approved by the
    interface. Again, it changes nothing."""
    from genbo.bootstrap.distributions import anchor_distribution
    from genbo.cli.session import block_line, office

    output = Output(as_json=as_json, language=lang)
    with office() as working:
        anchored = anchor_distribution(working, run)
    before = " (it stood there before)" if anchored.already else ""
    output.say(f"anchor      {anchored.root} under {run}{before}; {block_line(anchored.stamp)}")
    output.answer(
        {
            "distribution": run,
            "root": anchored.root,
            "leaves": anchored.leaves,
            "block": anchored.stamp,
            "already": anchored.already,
        }
    )


def prove(
    run: RunId,
    payee: Annotated[
        str,
        typer.Argument(metavar="PAYEE", help="As its line says: an investor id, or an address."),
    ],
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the proof.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write a payee's line with what proves it against the anchored payee list (支払明細の証明), for the payee."""
    from genbo.bootstrap.payee_list import prove_payee
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        proof = prove_payee(working, run, payee)
    document = _document(proof)
    content = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_file(target, content.encode(), personal=True)
    output.say(f"the line of {payee} and what proves it are in {target}")
    output.say("whoever has the file can show the line: give it to the payee alone", style="dim")
    output.answer(
        {name: value for name, value in document.items() if name != "secret"}
        | {"payee": payee, "file": str(target)}
    )


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The proof, as it was written.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Ask the ledger whether a payee's line belongs to the payee list that was anchored (支払明細の検証).

    Exit code 1 when it does not.
    """
    from genbo.bootstrap.payee_list import verify_payee
    from genbo.cli.session import block_line, jst, office

    output = Output(as_json=as_json, language=lang)
    run, day, record, nodes = _read(file)
    with office(read=False) as working:
        found = verify_payee(working, run, day, record, nodes)
    if found.proven:
        output.say("the line is the one that was anchored", style="green")
    elif found.anchor is None:
        output.say(f"no payee list of {run} for {day} was anchored", style="red")
    else:
        output.say("the line is not in the list that was anchored", style="red")
    rows = [("distribution", run), ("record date", str(day)), ("asked", block_line(found.stamp))]
    if found.anchor is not None:
        rows += [("root", found.anchor.root), ("anchored", jst(found.anchor.anchored))]
    if found.proven:
        rows += [(name, str(value)) for name, value in json.loads(record.content).items()]
    output.table(("", ""), rows)
    output.answer(
        {
            "distribution": run,
            "record_day": day,
            "proven": found.proven,
            "root": None if found.anchor is None else found.anchor.root,
            "anchored_at": None if found.anchor is None else found.anchor.anchored,
            "block": found.stamp,
            "line": json.loads(record.content) if found.proven else None,
        }
    )
    if not found.proven:
        raise typer.Exit(1)


def add_to(commands: typer.Typer) -> None:
    """Adds these commands."""
    for function in (anchor, prove, verify):
        word = function.__name__
        commands.command(word, epilog=examples_of(f"distribution {word}", LINES))(function)


# Inside ----------------------------------------------------------------------------------------------


def _document(proof: PayeeProof) -> dict[str, Any]:
    """As the interface gives it."""
    return {
        "distribution": proof.run,
        "product": proof.product,
        "record_day": proof.record_day.isoformat(),
        "content": proof.record.content.decode(),
        "secret": "0x" + proof.record.secret.hex(),
        "proof": ["0x" + each.hex() for each in proof.proof],
        "root": proof.root,
        "contract": proof.contract,
    }


def _read(file: Path) -> tuple[str, date, Record, list[bytes]]:
    """Raises Fault(file_unreadable)."""
    from datetime import date

    from genbo.chain.merkle import SECRET_BYTES, Record
    from genbo.kernel import Fault, Reason, Refusal, to_bytes32

    try:
        told = json.loads(file.read_bytes())
        secret = bytes.fromhex(str(told["secret"]).removeprefix("0x"))
        nodes = [bytes.fromhex(str(each).removeprefix("0x")) for each in told["proof"]]
        if {len(each) for each in (secret, *nodes)} != {SECRET_BYTES}:
            raise ValueError
        to_bytes32(str(told["distribution"]))
        record = Record(content=str(told["content"]).encode(), secret=secret)
        return str(told["distribution"]), date.fromisoformat(told["record_day"]), record, nodes
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
        raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None
    except (ValueError, TypeError, KeyError, Refusal):
        problem = "it is no proof of a payee's line"
        raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None
