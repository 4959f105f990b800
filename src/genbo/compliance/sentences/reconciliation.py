"""Why a book, a difference case or a balance certificate is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.AS_OF_NOT_FINAL,
        en=Text(
            "What the register says as of {as_of} may still change[: block {block} is final].",
            "Ask once that instant is past and the block is final.",
        ),
        ja=Text(
            "{as_of} 時点の原簿の内容はまだ確定していません[（ブロック {block} まで確定）]。",
            "その時点を過ぎ、ブロックが確定してから依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CASE_CLOSED,
        en=Text(
            "The difference case {case} is closed[, with the cause {cause}].",
            "A difference that comes again is found by the next book, and is a case of its own.",
        ),
        ja=Text(
            "差異調査 {case} は終了しています[（原因: {cause}）]。",
            "再び生じた差異は、次の帳簿の照合で新しい差異調査になります。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CASE_WITH_OTHERS,
        en=Text(
            "The difference case {case} is {state}: it is for {whose} to go on with.",
            "Tell them the cause and what shows it.",
        ),
        ja=Text(
            "差異調査 {case} の状態は {state} で、続きは {whose} が行います。",
            "原因と根拠をその機関に伝えてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CERTIFICATE_EXISTS,
        en=Text(
            "There is a balance certificate {certificate} for {broker} as of {as_of}, and it says something else.",
            "A certificate is never replaced; ask the registry why the holdings of then differ now.",
        ),
        ja=Text(
            "{broker} の {as_of} 時点の残高証明書 {certificate} が既にあり、内容が異なります。",
            "証明書は差し替えられません。その時点の残高が変わった理由を原簿の運営者に確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CERTIFIER_UNKNOWN,
        en=Text(
            "{account} does not certify balances for {institution}.",
            "Have the key of the custodian recorded by two persons first (genbo certifier).",
        ),
        ja=Text(
            "{account} は {institution} の残高証明の署名者ではありません。",
            "先に二名でカストディアンの鍵を登録してください（genbo certifier）。",
        ),
    ),
)
