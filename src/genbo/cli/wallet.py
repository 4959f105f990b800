"""`genbo wallet`: which address speaks for which investor, product by product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genbo.cli.options import AsJson, Lang, ProductKey, examples, examples_of
from genbo.cli.output import Output
from genbo.compliance.reasons import Language

if TYPE_CHECKING:
    from genbo.custody import Key
    from genbo.storage.address_trees import RegisteredTree

LINES = (
    "genbo wallet tree take xpub.txt --fingerprint 3442193e --owner C1 --as repair-1",
    "genbo wallet tree approve 3442193e --as repair-2",
    "genbo wallet tree list",
    "genbo wallet create --product SHIBUYA-JINNAN --tree 3442193e --investor IV-1",
    "genbo wallet challenge --product P1 --investor IV-2 --address 0x52...4c --custodian B1",
    "genbo wallet prove 0x5a...5a --form eip191 --signature 0x...",
    "genbo wallet register --product SHIBUYA-JINNAN --investor IV-1",
    "genbo wallet list --product SHIBUYA-JINNAN",
    "genbo wallet replace --product P1 --investor IV-1 --ref REKEY-1 --evidence 0x... --as repair-1",
)
EXAMPLES = examples(*LINES)
commands = typer.Typer(help="Wallets (鍵情報): addresses of investors.", epilog=EXAMPLES)
TREE_EXAMPLES = examples_of("wallet tree", LINES)
trees = typer.Typer(help="Extended public keys that addresses come from.", epilog=TREE_EXAMPLES)
commands.add_typer(trees, name="tree")

Name = Annotated[str, typer.Option("--as", help="Name of the key of who does it, e.g. repair-1.")]
InvestorKey = Annotated[str, typer.Option("--investor", help="Id of the investor (投資家ID).")]


@commands.callback()
def wallet() -> None:
    """Wallets (鍵情報): created below a custodian's key or proved; on the ledger only after a positive verdict."""


@trees.callback()
def tree() -> None:
    """Key trees (鍵ツリー): a custodian's or broker's extended public key, sealed; one takes it, another approves."""


@trees.command("take", epilog=examples_of("wallet tree take", LINES))
def take(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The extended public key (xpub), alone in a file."),
    ],
    fingerprint: Annotated[
        str, typer.Option(help="Eight digits, as its owner told them by another way.")
    ],
    owner: Annotated[str, typer.Option(help="Id of the custodian or broker that has the keys.")],
    name: Name,
    gap: Annotated[
        int,
        typer.Option(
            min=1,
            max=1_000_000,
            help="Addresses in a row that may wait for verdicts, as agreed on.",
        ),
    ] = 1_000,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Take an extended public key. A private one is refused and not repeated."""
    from genbo.bootstrap.wallets import take_tree
    from genbo.cli.files.text import read_text
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    text = read_text(file)
    with office(read=False) as working:
        taken = take_tree(
            working,
            text,
            fingerprint=fingerprint,
            owner=owner,
            by=working.require_person(name),
            gap_limit=gap,
        )
    output.say(f"tree {taken.fingerprint} of {taken.owner} waits for somebody else's approval")
    output.answer(_tree(taken))


@trees.command("approve", epilog=examples_of("wallet tree approve", LINES))
def approve(
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="Names the tree.")],
    name: Name,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Approve a tree, as somebody other than who took it."""
    from genbo.bootstrap.wallets import approve_tree
    from genbo.cli.session import office

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        approved = approve_tree(working, fingerprint, by=working.require_person(name))
    output.say(
        f"tree {approved.fingerprint} of {approved.owner}: approved by {approved.approved_by}"
    )
    output.answer(_tree(approved))


@trees.command("list", epilog=examples_of("wallet tree list", LINES))
def list_trees(as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """List the trees. Their keys stay sealed."""
    from genbo.cli.session import office
    from genbo.storage.address_trees import AddressTrees

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = AddressTrees(connection, working.house.vault).all()
    output.table(
        ("tree", "owner", "taken by", "approved by"),
        [
            (each.fingerprint, each.owner, each.proposed_by, each.approved_by or "-")
            for each in found
        ],
    )
    output.answer({"trees": [_tree(each) for each in found]})


@commands.command("create", epilog=examples_of("wallet create", LINES))
def create(
    product: ProductKey,
    tree: Annotated[str, typer.Option("--tree", help="Fingerprint of the key tree.")],
    investors: Annotated[
        list[str],
        typer.Option(
            "--investor", help="Id of an investor (投資家ID); may be given several times."
        ),
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Create a fresh address for each investor in the product; asked again, it is the same while it waits."""
    from genbo.bootstrap.wallets import create_keys
    from genbo.cli.session import actor, office
    from genbo.kernel import InvestorId, ProductId

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working:
        made = create_keys(
            working,
            ProductId(product),
            [InvestorId(each) for each in investors],
            tree=tree,
            by=actor(),
        )
    _say_keys(output, made)


@commands.command("challenge", epilog=examples_of("wallet challenge", LINES))
def challenge(
    product: ProductKey,
    investor: InvestorKey,
    address: Annotated[str, typer.Option(help="The address whose holder has to sign.")],
    custodian: Annotated[str, typer.Option(help="Id of who keeps its private key.")],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Ask for a proof of possession (保有証明): print what the address has to sign."""
    from genbo.bootstrap.wallets import issue_challenge
    from genbo.chain.hexes import address_bytes, address_of, hex_of
    from genbo.chain.possession import digest_of, personal_message
    from genbo.cli.session import actor, jst, office
    from genbo.custody import ProofForm
    from genbo.kernel import Address, Fault, InvestorId, ProductId, Reason

    output = Output(as_json=as_json, language=lang)
    try:
        account = address_of(address_bytes(Address(address)))
    except ValueError:
        allowed = "0x and 40 hexadecimal digits"
        raise Fault(
            Reason.FIELD_INVALID, field="address", value=address[:42], allowed=allowed
        ) from None
    with office(read=False) as working:
        asked = issue_challenge(
            working,
            ProductId(product),
            InvestorId(investor),
            account,
            custodian=custodian,
            by=actor(),
        )
    output.say(personal_message(asked))
    output.say(f"challenge {asked.nonce}, until {jst(asked.expires)}")
    output.answer(
        {
            "challenge": asked.nonce,
            "expires": asked.expires,
            "message": personal_message(asked),
            "digest_eip712": hex_of(digest_of(asked, ProofForm.TYPED_DATA)),
        }
    )


@commands.command("prove", epilog=examples_of("wallet prove", LINES))
def prove(
    nonce: Annotated[str, typer.Argument(metavar="CHALLENGE", help="The challenge that was met.")],
    signature: Annotated[str, typer.Option(help="The 65 bytes as 0x and hexadecimal digits.")],
    form: Annotated[
        str, typer.Option(help="How it was signed: eip191 (a message) or eip712 (typed data).")
    ] = "eip191",
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Prove that the key of an address is at hand, with the signature over its challenge."""
    from genbo.bootstrap.wallets import prove_key
    from genbo.cli.session import actor, office
    from genbo.custody import ProofForm
    from genbo.kernel import Fault, Reason

    output = Output(as_json=as_json, language=lang)
    if form not in tuple(ProofForm):
        allowed = ", ".join(ProofForm)
        raise Fault(Reason.FIELD_INVALID, field="form", value=form[:16], allowed=allowed)
    with office(read=False) as working:
        key = prove_key(
            working,
            _digest(nonce, "challenge"),
            form=ProofForm(form),
            signature=_octets(signature, "signature"),
            by=actor(),
        )
    _say_keys(output, [key])


@commands.command("register", epilog=examples_of("wallet register", LINES))
def register(
    product: ProductKey,
    investors: Annotated[
        list[str],
        typer.Option(
            "--investor", help="Id of an investor (投資家ID); may be given several times."
        ),
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Write the last verdicts of investors to the ledger; a waiting address with a positive one becomes active."""
    from genbo.bootstrap.people import verify_accounts
    from genbo.cli.session import office
    from genbo.kernel import InvestorId, ProductId
    from genbo.storage.keys import keys_of

    output = Output(as_json=as_json, language=lang)
    ids = [InvestorId(each) for each in investors]
    with office() as working:
        for _ in verify_accounts(working, ProductId(product), ids):
            pass
        with working.house.database.read() as connection:
            found = keys_of(connection, ProductId(product), ids)
    _say_keys(output, found)


@commands.command("list", epilog=examples_of("wallet list", LINES))
def list_wallets(
    product: Annotated[str | None, typer.Option(help="Only those of this product.")] = None,
    investor: Annotated[str | None, typer.Option(help="Only those of this investor.")] = None,
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """List addresses, replaced ones included."""
    from genbo.cli.session import office
    from genbo.kernel import ProductId
    from genbo.storage.keys import all_keys

    output = Output(as_json=as_json, language=lang)
    with office(read=False) as working, working.house.database.read() as connection:
        found = all_keys(connection, product=ProductId(product) if product else None)
    _say_keys(output, [each for each in found if investor in (None, each.investor)])


@commands.command("replace", epilog=examples_of("wallet replace", LINES))
def replace(
    product: ProductKey,
    investor: InvestorKey,
    ref: Annotated[str, typer.Option(help="Reference of the re-keying, used once.")],
    evidence: Annotated[
        str, typer.Option(help="Digest of the application or order, 0x and 64 digits.")
    ],
    people: Annotated[
        list[str],
        typer.Option("--as", help="Names of the keys that sign: both, or the maker's alone."),
    ],
    as_json: AsJson = False,
    lang: Lang = Language.EN,
) -> None:
    """Re-key an investor (鍵の更新): the waiting address takes the active one's place, with all its freezes.

    It takes two persons. With one name the re-keying is proposed: somebody else says `genbo command approve`.
    """
    from genbo.bootstrap.wallets import propose_rekey, rekey
    from genbo.cli.session import office
    from genbo.kernel import InvestorId, ProductId, Reference
    from genbo.storage.keys import keys_of
    from genbo.token import Act

    output = Output(as_json=as_json, language=lang)
    key, who = ProductId(product), InvestorId(investor)
    act = Act(ref=Reference(ref), evidence=_digest(evidence, "evidence"))
    with office() as working:
        if len(people) == 1:
            stored = propose_rekey(
                working, key, who, act, maker=people[0], key=f"rekey/{product}/{ref}"
            )
            output.say(f"proposed; somebody else: genbo command approve {stored.id} --as NAME")
            output.answer({"command": stored.id, "state": stored.state.value})
            return
        rekey(working, key, who, act, by=people, key=f"rekey/{product}/{ref}")
        with working.house.database.read() as connection:
            found = keys_of(connection, key, [who])
    _say_keys(output, found)


# Inside ----------------------------------------------------------------------------------------------


def _say_keys(output: Output, keys: list[Key]) -> None:
    output.table(
        ("product", "investor", "address", "state", "tree", "index", "custodian"),
        [
            (
                each.product,
                each.investor,
                each.address,
                each.state.value,
                each.tree or "-",
                "-" if each.index is None else f"{each.index:,}",
                each.custodian or "-",
            )
            for each in keys
        ],
    )
    output.answer({"wallets": [_key(each) for each in keys]})


def _key(key: Key) -> dict[str, Any]:
    from genbo.custody import PublicKey

    return {
        "product": key.product,
        "investor": key.investor,
        "address": key.address,
        "state": key.state.value,
        "public_key": key.public.key if isinstance(key.public, PublicKey) else None,
        "custodian": key.custodian,
        "tree": key.tree,
        "index": key.index,
        "valid_from": key.valid_from,
        "valid_until": key.valid_until,
        "replaced_by": key.replaced_by,
        "evidence": key.evidence,
    }


def _tree(tree: RegisteredTree) -> dict[str, Any]:
    return {
        "fingerprint": tree.fingerprint,
        "owner": tree.owner,
        "gap_limit": tree.gap_limit,
        "proposed_by": tree.proposed_by,
        "approved_by": tree.approved_by,
    }


def _octets(text: str, field: str) -> bytes:
    from genbo.kernel import Fault, Reason

    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise Fault(
            Reason.FIELD_INVALID, field=field, value="-", allowed="0x and hexadecimal digits"
        ) from None


def _digest(text: str, field: str) -> Any:
    from genbo.kernel import Digest, Fault, Reason

    raw = _octets(text, field)
    if len(raw) != 32:
        raise Fault(Reason.FIELD_INVALID, field=field, value="-", allowed="32 bytes, 0x...")
    return Digest("0x" + raw.hex())
