"""`genbo sandbox`: a whole Genbo to try a system against, served on this machine until it is interrupted."""

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

EXAMPLES = examples(
    "genbo sandbox",
    "genbo sandbox --api-port 8080",
    "genbo sandbox --file sandbox.json --json",
)


def sandbox(
    api_port: Annotated[
        int, typer.Option("--api-port", help="Port of the API on 127.0.0.1; 0 picks a free one.")
    ] = 0,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Write what a system needs (address, credentials, keys) to this file, readable for you alone.",
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Serve a whole Genbo with a small invented world, for your own tests: chain, database, register, API.

    Everybody in it is invented, its keys are development keys, and it is gone when it ends. Its firms are those of
    examples/sandbox: each has a credential for reading and one for changing, and both are shown here once.

    End it with Ctrl-C; nothing stays behind.
    """
    from genbo.cli.sandbox.serving import serve_sandbox

    serve_sandbox(Output(as_json=as_json, language=lang), port=api_port, file=file)
