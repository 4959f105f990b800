"""docs/reasons.md, from the reason table `compliance.reasons`."""

import re
from collections.abc import Iterable

from genbo.compliance.entry import ContractError, ReasonEntry, Text
from genbo.compliance.sentences import (
    access,
    acts,
    commands,
    corporate_actions,
    documents,
    files,
    firms,
    input,
    interface,
    keys,
    kyc,
    market,
    masters,
    money,
    movement,
    notices,
    offering,
    platform,
    privacy,
    reconciliation,
    screening,
    settlement,
    sign_in,
    surroundings,
    token_payments,
    users,
    visibility,
)

HEAD = """\
# Reasons: why Genbo says no

Every refusal (拒否) has one stable code. The contract error, the Python exception, the line a command prints and this
page are views of one table, [`compliance/reasons.py`](../src/genbo/compliance/reasons.py). Codes and numbers are
never renamed and never used again. This page is generated: `make docs`.

A word in braces stands for a fact of the case, `{account}`. Not every fact is known on every path; a clause whose
fact is missing is left out. A number is the ERC-1404 code that `detectTransferRestriction` returns; 0 means that the
transfer would succeed.
"""

GROUPS = (
    (
        "A movement is refused",
        "移転の拒否. In the order in which the questions are asked: the first that applies is the reason.",
        movement.ENTRIES,
    ),
    (
        "An administrative act is refused",
        "管理者による処理の拒否. Nothing of the act was done.",
        acts.ENTRIES,
    ),
    (
        "The platform, the factory or an approval refuses",
        "プラットフォーム・承認による拒否.",
        platform.ENTRIES,
    ),
    (
        "A hold, an authorisation, a settlement, an anchor or a document is refused",
        "留保・承認・決済・アンカー・書類の拒否.",
        settlement.ENTRIES,
    ),
    (
        "A firm, a trust contract or a bank is refused",
        "関係機関・関係者・信託契約・金融機関の拒否. Nothing was changed.",
        firms.ENTRIES,
    ),
    (
        "An offering file or a question to the register is refused",
        "募集・原簿照会の拒否. Nothing of a refused file was applied.",
        offering.ENTRIES,
    ),
    (
        "A command or a bulk act is refused",
        "指図・一括処理の拒否. Nothing was sent.",
        commands.ENTRIES,
    ),
    (
        "A person, a machine or what they ask for is refused",
        "利用者・機関・閲覧の拒否. Nothing was changed, and nothing was shown.",
        users.ENTRIES,
    ),
    (
        "A disclosure is refused, or the database cannot keep institutions apart",
        "投資家情報の開示・閲覧制御の拒否. Nothing was disclosed.",
        visibility.ENTRIES,
    ),
    (
        "A change of access is refused",
        "利用者・権限の変更の拒否. Nothing was changed.",
        access.ENTRIES,
    ),
    (
        "A key or a proof of possession is refused",
        "鍵・保有証明の拒否. Nothing was registered.",
        keys.ENTRIES,
    ),
    (
        "The market's calendar says no",
        "市場カレンダーによる拒否. Acts of the registrar run meanwhile.",
        market.ENTRIES,
    ),
    (
        "Screening, a list, a release or a Travel-Rule payload is refused",
        "照合・リスト・解除・トラベルルール通知の拒否. Nothing moved, and nothing of a refused list was loaded.",
        screening.ENTRIES,
    ),
    (
        "A KYC session, a callback or a verdict is refused",
        "本人確認・通知・確認結果の拒否. Nothing was kept, and nothing opened.",
        kyc.ENTRIES,
    ),
    (
        "A register or its proof is refused",
        "原簿の出力・検証の拒否. Nothing was shown, and nothing was recorded.",
        documents.ENTRIES,
    ),
    (
        "A file for a master is refused",
        "取込ファイルの拒否. Nothing of the file was applied.",
        files.ENTRIES,
    ),
    (
        "A master record is refused",
        "マスタの拒否. Nothing was stored.",
        masters.ENTRIES,
    ),
    (
        "A record date, a distribution or a payment file is refused",
        "権利確定日・分配・振込データの拒否. Nothing was changed, and no file was written.",
        money.ENTRIES,
    ),
    (
        "A payment in a yen token is refused",
        "円建トークンによる支払の拒否. Nothing was paid.",
        token_payments.ENTRIES,
    ),
    (
        "A redemption, a split or an additional issue is refused",
        "償還・分割・追加発行の拒否. The ledger stands as it stood.",
        corporate_actions.ENTRIES,
    ),
    (
        "A book, a difference case or a balance certificate is refused",
        "照合・差異調査・残高証明の拒否. Nothing was recorded, and no case changed.",
        reconciliation.ENTRIES,
    ),
    (
        "A request to the interface is refused",
        "リクエストの拒否. Nothing was asked and nothing was changed.",
        interface.ENTRIES,
    ),
    (
        "A webhook or a stream of notices is refused",
        "Webhook・通知ストリームの拒否. Nothing was registered.",
        notices.ENTRIES,
    ),
    (
        "A system is not signed in",
        "機関システムの認証の拒否. No token was given, or none was taken.",
        sign_in.ENTRIES,
    ),
    (
        "The vault refuses",
        "個人情報の利用・検索・消去の拒否. Nothing was opened, and nothing was erased.",
        privacy.ENTRIES,
    ),
    (
        "An input is refused",
        "入力の拒否. Before any rule is asked.",
        input.ENTRIES,
    ),
    (
        "The surroundings are not as they must be",
        "環境の異常. A command ends with exit code 2, and nothing is half done.",
        surroundings.ENTRIES,
    ),
)


def reasons_page() -> str:
    parts = [HEAD, _overview()]
    for title, note, entries in GROUPS:
        parts.append(f"## {title}\n\n{note}\n")
        parts += [_entry(entry) for entry in entries]
    return "\n".join(parts)


def _overview() -> str:
    lines = ["| group | codes |", "|---|---|"]
    for title, _, entries in GROUPS:
        codes = ", ".join(_link(entry) for entry in entries)
        lines.append(f"| {title} | {codes} |")
    return "\n".join(lines) + "\n"


def _link(entry: ReasonEntry) -> str:
    number = "" if entry.number is None else f"{entry.number}&nbsp;"
    return f"{number}[{entry.reason}](#{entry.reason})"


def _entry(entry: ReasonEntry) -> str:
    facts = []
    if entry.number is not None:
        facts.append(f"ERC-1404 number {entry.number}")
    if entry.errors:
        side = f" about the {entry.side}" if entry.side else ""
        facts.append(f"contract: {_errors(entry.errors)}{side}")
    lines = [f"### {entry.reason}", ""]
    if facts:
        lines += ["; ".join(facts), ""]
    lines += [f"- {_text(entry.en)}", f"- {_text(entry.ja)}", ""]
    return "\n".join(lines)


def _errors(errors: Iterable[ContractError]) -> str:
    return ", ".join(
        f"`{error.name}({', '.join(error.facts)})`" if error.facts else f"`{error.name}`"
        for error in errors
    )


def _text(text: Text) -> str:
    return f"{_plain(text.sentence)} *{_plain(text.remedy)}*"


def _plain(template: str) -> str:
    """The template with every clause kept and without the brackets around it."""
    plain = re.sub(r"\[([^\[\]]*)\]", r"\1", template).strip()
    return plain.removeprefix(":").lstrip().replace("*", r"\*")
