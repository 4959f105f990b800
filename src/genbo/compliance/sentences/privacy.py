"""Why the vault says no: use, search, retention and erasure of personal data."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.USE_RESTRICTED,
        en=Text(
            "Use of the personal data of {investor} is restricted[ since {since}]: not for the purpose '{purpose}'.",
            "Only the register, certificates, payments and orders open it; look for another basis, or leave it closed.",
        ),
        ja=Text(
            "投資家 {investor} の個人情報は[{since} から]利用が制限されており、目的「{purpose}」では閲覧できません。",
            "原簿、記載事項証明、支払、法令・命令の目的に限り閲覧できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RETENTION_NOT_OVER,
        en=Text(
            "The personal data of {investor} must still be kept: {ground}[ {reference}].",
            "Erase it[ from {earliest} on] once every ground has ended; until then restrict its use.",
        ),
        ja=Text(
            "投資家 {investor} の個人情報は保存が必要です（根拠：{ground}[ {reference}]）。",
            "すべての根拠が終了してから[（{earliest} 以降）]消去してください。それまでは利用を制限してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INDEX_MISSING,
        en=Text(
            "The database has no blind index yet, so a search would find nobody.",
            "Make it with `genbo vault reindex`.",
        ),
        ja=Text(
            "ブラインドインデックスがまだ作成されていないため、検索できません。",
            "`genbo vault reindex` で作成してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.LEGAL_HOLD_UNKNOWN,
        en=Text(
            "No legal hold {reference} stands for {investor}.",
            "Name one that stands; `genbo vault retention` lists them.",
        ),
        ja=Text(
            "投資家 {investor} に有効な法的保全 {reference} はありません。",
            "`genbo vault retention` に表示される保全を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.RELATION_END_DIFFERS,
        en=Text(
            "The contract with {investor} is on record as ended on {recorded}, not on {given}.",
            "Leave it, or place a legal hold when the data must be kept longer.",
        ),
        ja=Text(
            "投資家 {investor} の契約終了日は {recorded} として登録済みです（指定：{given}）。",
            "そのままにするか、より長い保存が必要な場合は法的保全を設定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ERASURE_UNKNOWN,
        en=Text(
            "The command {command} does not erase anybody.",
            "Name one that `genbo vault erase` made.",
        ),
        ja=Text(
            "指図 {command} は消去の指図ではありません。",
            "`genbo vault erase` で起案した指図を指定してください。",
        ),
    ),
)
