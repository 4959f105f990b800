"""The tree of commands, and the one place where an error becomes a line and an exit code.

A command module holds the words of its command and loads the chain and the database only when it runs: those take
seconds to load, and `--help` must not wait for them.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
import typer.main

from genbo import __version__
from genbo.cli import (
    audit,
    case,
    certifier,
    check,
    command,
    credential,
    demo,
    disclosure,
    distribution,
    file,
    firm,
    health,
    investor,
    job,
    kyc,
    market,
    order,
    product,
    record_date,
    register,
    replay,
    screening,
    up,
    user,
    vault,
    wallet,
    webhook,
)
from genbo.cli.corporate import additional_issue, redemption, split
from genbo.cli.options import examples
from genbo.cli.output import Output, PipeClosed
from genbo.cli.sandbox import command as sandbox
from genbo.compliance.reasons import Language
from genbo.kernel import Fault, Reason, Refusal

DONE, REFUSED, FAULTY, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

commands = typer.Typer(
    name="genbo",
    help=(
        "Genbo (原簿): the core system of a security token: contracts, register, and the proof that they agree.\n\n"
        "Start with `genbo demo`: the whole life of a published offering on a chain and a database of its own. "
        "`genbo up` keeps such a system running in a data folder; the other commands ask it.\n\n"
        "Settings are environment variables: GENBO_DATA (the data folder, .genbo), GENBO_NODE_URL and "
        "GENBO_DATABASE_URL (one or several nodes and a database of yours instead of embedded ones), GENBO_CHAIN_ID "
        "(the chain that must answer), GENBO_KEK or GENBO_KEK_FILE (the key that seals personal data), GENBO_KEYS "
        "and GENBO_KEYS_PASSPHRASE_FILE (signing keys), GENBO_NODE_SECONDS, "
        "GENBO_CONFIRMATIONS, GENBO_REORGANISATION_DEPTH, GENBO_KYC_FILE, GENBO_SCREENING, "
        "GENBO_API_URL (docs/start.md).\n\n"
        "GENBO_WEBHOOK_NETWORKS (docs/start.md).\n\n"
        "Exit codes: 0 done; 1 refused by a rule, or an invariant does not hold; 2 the surroundings or the input "
        "are not as they must be, nothing was changed; 130 interrupted."
    ),
    epilog=examples(
        "genbo demo",
        "genbo up",
        "genbo sandbox",
        "genbo firm register examples/shibuya-jinnan/firms.yaml",
        "genbo product create examples/shibuya-jinnan/product.yaml",
        "genbo investor import examples/shibuya-jinnan/investors.csv --product SHIBUYA-JINNAN",
        "genbo register show --product SHIBUYA-JINNAN",
        "genbo check --json",
        "genbo audit verify",
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands.command("demo", epilog=demo.EXAMPLES)(demo.demo)
commands.command("up", epilog=up.EXAMPLES)(up.up)
commands.command("sandbox", epilog=sandbox.EXAMPLES)(sandbox.sandbox)
commands.command("check", epilog=check.EXAMPLES)(check.check)
commands.command("replay", epilog=replay.EXAMPLES)(replay.replay)
commands.command("health", epilog=health.EXAMPLES)(health.health)
commands.add_typer(register.commands, name="register")
commands.add_typer(firm.commands, name="firm")
commands.add_typer(product.commands, name="product")
commands.add_typer(disclosure.commands, name="disclosure")
commands.add_typer(investor.commands, name="investor")
commands.add_typer(kyc.commands, name="kyc")
commands.add_typer(screening.commands, name="screening")
commands.add_typer(file.commands, name="file")
commands.add_typer(audit.commands, name="audit")
commands.add_typer(user.commands, name="user")
commands.add_typer(credential.commands, name="credential")
commands.add_typer(command.commands, name="command")
commands.add_typer(job.commands, name="job")
commands.add_typer(wallet.commands, name="wallet")
commands.add_typer(case.commands, name="case")
commands.add_typer(certifier.commands, name="certifier")
commands.add_typer(market.commands, name="market")
commands.add_typer(order.commands, name="order")
commands.add_typer(vault.commands, name="vault")
commands.add_typer(webhook.commands, name="webhook")
commands.add_typer(record_date.commands, name="record-date")
commands.add_typer(distribution.commands, name="distribution")
commands.add_typer(redemption.commands, name="redemption")
commands.add_typer(split.commands, name="split")
commands.add_typer(additional_issue.commands, name="additional-issue")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"genbo {__version__}")
        raise typer.Exit


@commands.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Genbo (原簿)."""


def perform(arguments: Sequence[str]) -> int:
    """One command with its arguments; the exit code. A bug keeps its traceback.

    Raises KeyboardInterrupt when it is interrupted.
    """
    arguments = list(arguments) or ["--help"]
    output = Output(as_json="--json" in arguments, language=_language(arguments))
    try:
        _require_text(arguments)
        status = commands(args=arguments, prog_name="genbo", standalone_mode=False)
    except typer.TyperException as error:
        output.refusal(_misspelt(error, arguments))
        return FAULTY
    except PipeClosed:
        # Whoever read the answer has gone; the interpreter must not notice once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Refusal as refusal:
        output.refusal(refusal)
        return FAULTY if isinstance(refusal, Fault) else REFUSED
    if status == INTERRUPTED:  # as typer puts it
        raise KeyboardInterrupt
    return status if isinstance(status, int) else DONE


def _require_text(arguments: Sequence[str]) -> None:
    """Nothing where every argument is text. Bytes that are none arrive as lone surrogates, which nothing can store."""
    for place, each in enumerate(arguments, 1):
        if not each.isascii() and any("\ud800" <= sign <= "\udfff" for sign in each):
            problem = f"argument {place} is not UTF-8 text"
            raise Fault(Reason.COMMAND_INVALID, problem=problem, help="genbo --help")


def _misspelt(error: typer.TyperException, arguments: Sequence[str]) -> Fault:
    path, command = ["genbo"], typer.main.get_command(commands)
    for word in arguments:
        below = getattr(command, "commands", {}).get(word)
        if below is None:
            break
        path, command = [*path, word], below
    problem = " ".join(error.format_message().split()).rstrip(".")
    return Fault(Reason.COMMAND_INVALID, problem=problem, help=f"{' '.join(path)} --help")


def _language(arguments: Sequence[str]) -> Language:
    """The language of an error, before the command line itself is understood."""
    for at, argument in enumerate(arguments):
        if argument == "--lang=ja" or list(arguments[at : at + 2]) == ["--lang", "ja"]:
            return Language.JA
    return Language.EN
