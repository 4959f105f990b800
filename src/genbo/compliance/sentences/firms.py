"""Why a firm, a trust contract or a bank is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.INSTITUTION_EXISTS,
        en=Text(
            "The institution {institution} has access already.",
            "A role never changes: a firm in another role is another institution with an id of its own.",
        ),
        ja=Text(
            "関係機関 {institution} は既に登録されています。",
            "役割は変更できません。別の役割で参加する場合は、別のIDの関係機関として登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INSTITUTION_UNKNOWN,
        en=Text(
            "No institution {institution} has access.",
            "Register the institution with its role first, or correct the id.",
        ),
        ja=Text(
            "関係機関 {institution} は登録されていません。",
            "先に役割とともに関係機関を登録するか、IDを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FIRM_EXISTS,
        en=Text(
            "The {kind} {firm} is registered already.",
            "Change it instead, or use another id.",
        ),
        ja=Text(
            "関係者 {firm}（{kind}）は既に登録されています。",
            "内容を変える場合は変更してください。別の関係者には別のIDを使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FIRM_UNKNOWN,
        en=Text(
            "There is no {kind} {firm}[ (line {line})].",
            "Register the firm first (`genbo firm register FILE`), or correct the id.",
        ),
        ja=Text(
            "[{line} 行目：]関係者 {firm}（{kind}）は登録されていません。",
            "先に `genbo firm register FILE` で登録するか、IDを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CONTRACT_EXISTS,
        en=Text(
            "The trust contract {contract}, or its number with that trustee, is registered already.",
            "Change it instead, or use another id and number.",
        ),
        ja=Text(
            "信託契約 {contract} または受託者における契約番号は既に登録されています。",
            "内容を変える場合は変更してください。別の契約には別のIDと契約番号を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CONTRACT_UNKNOWN,
        en=Text(
            "There is no trust contract {contract}.",
            "Register it first (`genbo firm register FILE`), or correct the id.",
        ),
        ja=Text(
            "信託契約 {contract} は登録されていません。",
            "先に `genbo firm register FILE` で登録するか、IDを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BANK_UNKNOWN,
        en=Text(
            "The bank master has no branch {branch} of bank {bank}.",
            "Correct the codes, or load a newer bank master first.",
        ),
        ja=Text(
            "金融機関コード {bank}・本支店コード {branch} は金融機関マスターにありません。",
            "コードを訂正するか、新しい金融機関マスターを取り込んでください。",
        ),
    ),
)
