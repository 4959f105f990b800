"""Why a master record is refused: what may not be kept, and what a record may not become."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.INDIVIDUAL_NUMBER_REFUSED,
        en=Text(
            (
                "The field '{field}' has twelve digits[ in {file}][, line {line}], which may be an "
                "individual number (My Number). They are neither kept nor repeated."
            ),
            (
                "Leave the field empty for an individual; a corporate number has 13 digits. "
                "Remove individual numbers from what is sent to this system."
            ),
        ),
        ja=Text(
            (
                "[{file} ][{line} 行目：]項目「{field}」は12桁の数字のため、"
                "個人番号（マイナンバー）の可能性があります。保存も表示もしていません。"
            ),
            (
                "個人の場合は空欄にしてください。法人番号は13桁です。"
                "個人番号を本システムに送信しないでください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.INVESTOR_STATUS_UNREACHABLE,
        en=Text(
            "The investor[ {investor}] cannot go from {status} to {wanted}.",
            "From {status} it may go to: {allowed}.",
        ),
        ja=Text(
            "投資家[ {investor} ]のステータスを {status} から {wanted} に変更できません。",
            "{status} から変更できるのは {allowed} です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INVESTOR_HOLDS_UNITS,
        en=Text(
            "The investor[ {investor}] still holds {units} units and cannot be closed.",
            "Close the investor when every product's balance is zero.",
        ),
        ja=Text(
            "投資家[ {investor} ]は {units} 口を保有しているため、閉鎖できません。",
            "全銘柄の残高がゼロになってから閉鎖してください。",
        ),
    ),
)
