"""`genbo vault show`, `rotate`, `renew-token-key`, `keys-export`, `keys-restore`: the keys of the vault."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genbo.cli.options import AsJson, Lang, examples
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

_SHOW = examples("genbo vault show", "genbo vault show --json")
_ROTATE = examples(
    "GENBO_KEK=file:new.key,file:old.key genbo vault rotate",
    "genbo vault rotate --to vault:transit/genbo:v2",
)
_RENEW = examples("genbo vault renew-token-key")
_EXPORT = examples("genbo vault keys-export keys.json")
_RESTORE = examples("genbo vault keys-restore keys.json")


def show(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show which key-encryption key (鍵暗号化鍵) wraps how many keys, and which of them this process can use."""
    from genbo.cli.session import office
    from genbo.storage.rotation import Rotation

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        ring = working.house.vault.ring
        counts = Rotation(connection, working.house.vault).wrapped_by()
        rows = [
            {
                "kek": each,
                "keys": counts.get(each, 0),
                "wraps": each == ring.id,
                "opens": ring.reads(each),
            }
            for each in dict.fromkeys((*ring.ids, *counts))
        ]
    output.table(
        ("key-encryption key", "wraps now", "here", "keys"),
        [
            (
                str(row["kek"]),
                "yes" if row["wraps"] else "",
                "yes" if row["opens"] else "MISSING",
                row["keys"],
            )
            for row in rows
        ],
    )
    output.answer({"keks": rows})


def rotate(
    to: Annotated[
        str | None,
        typer.Option(
            help="Id of the key that must wrap from now on; refused when another one is first in GENBO_KEK."
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Wrap every key anew by the first key of GENBO_KEK (鍵の更新). No sealed record is touched.

    Name the new key first and the old one second, in every process; both are read meanwhile. A rotation that was
    interrupted is simply run again. When it has ended, take the old key out of GENBO_KEK and destroy every copy of it:
    from then on whoever was erased before cannot be read in any backup taken before.
    """
    from genbo.cli.session import actor, office
    from genbo.kernel import Fault, Reason
    from genbo.storage.rotation import Rotation

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        house = working.house
        ring = house.vault.ring
        if to is not None and to != ring.id:
            raise Fault(
                Reason.SETTING_INVALID,
                setting="GENBO_KEK",
                problem=f"the first key is {ring.id}, not {to}: name the new key first, the old one second",
            )
        with house.database.read() as connection:
            total = Rotation(connection, house.vault).remaining()
        rewrapped = 0
        with output.progress("wrap keys anew", total) as bar:
            while True:
                with house.database.begin() as connection:
                    done = Rotation(connection, house.vault).step(at=house.now(), by=actor())
                if done == 0:
                    break
                rewrapped += done
                bar.done(done)
        with house.database.read() as connection:
            counts = Rotation(connection, house.vault).wrapped_by()
    others = {kek: count for kek, count in counts.items() if kek != ring.id}
    output.say(f"{rewrapped:,} keys were wrapped anew by {ring.id}")
    if others:
        output.say("another process is at the rest; run it again", style="yellow")
    else:
        output.say("no other key is needed; destroy every copy of the old one")
    output.answer({"kek": ring.id, "rewrapped": rewrapped, "remaining": sum(others.values())})


def keys_export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write the wrapped keys as they are now (鍵束ファイル), so that a backup from before a rotation can be used.

    The file shows ids and wrapped keys, and no person. Write it anew after each rotation and each erasure, over the old
    one.
    """
    from genbo.cli.files.written import write_file
    from genbo.cli.session import office
    from genbo.storage.key_backup import export_keys

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        content = export_keys(connection, working.house.vault.ring)
    write_file(file, content, personal=True)
    output.say(f"the wrapped keys are in {file}")
    output.answer({"file": str(file), "bytes": len(content)})


def keys_restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `keys-export` wrote.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Put the keys of a key ring file into a database that was restored from a backup; the erased stay erased.

    Then make the index anew with `genbo vault reindex`.
    """
    from genbo.cli.session import actor, office
    from genbo.kernel import Fault, Reason
    from genbo.storage.key_backup import restore_keys

    output = Output(as_json=as_json, language=lang)
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = error.strerror or "it cannot be read"
        raise Fault(Reason.FILE_UNREADABLE, file=str(file), problem=problem) from None
    with office(read=False) as working:
        house = working.house
        with house.database.begin() as connection:
            done = restore_keys(
                connection,
                house.vault.ring,
                content,
                file=str(file),
                at=house.now(),
                by=actor(),
            )
    output.say(f"{done.opened:,} keys are those of the file; {done.erased:,} investors are erased")
    output.answer({"opened": done.opened, "erased": done.erased})


def renew_token_key(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Sign access tokens with a new key from now on (トークン署名鍵の更新). Tokens that are out stay good.

    When the key may have leaked, run it twice: no token that is out stays good, and every system fetches another one.
    """
    from genbo.cli.session import actor, office
    from genbo.storage.token_keys import TokenKeys

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        house = working.house
        with house.database.begin() as connection:
            TokenKeys(connection, house.vault).renew(at=house.now(), by=actor())
    output.say("access tokens are signed with a new key; run it again to end those that are out")
    output.answer({"done": "renewed"})


def add_to(commands: typer.Typer) -> None:
    """Joins these commands to `genbo vault`."""
    commands.command("show", epilog=_SHOW)(show)
    commands.command("rotate", epilog=_ROTATE)(rotate)
    commands.command("renew-token-key", epilog=_RENEW)(renew_token_key)
    commands.command("keys-export", epilog=_EXPORT)(keys_export)
    commands.command("keys-restore", epilog=_RESTORE)(keys_restore)
