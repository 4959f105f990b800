"""Why screening stands against a movement, or a list, a release or a Travel-Rule payload is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.SCREENING_MISSING,
        en=Text(
            "{investor} has not been screened[ against the list {list}].",
            "Screen the investor against every list in force, then try again.",
        ),
        ja=Text(
            "{investor} は[リスト {list} との]照合が済んでいません。",
            "適用中のすべてのリストと照合してから、再度実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_STALE,
        en=Text(
            (
                "The screening of {investor} against the list {list} no longer holds: the list, the "
                "name or the thresholds have changed since."
            ),
            "Screen the investor again.",
        ),
        ja=Text(
            (
                "{investor} のリスト {list} との照合結果は、リスト・氏名・"
                "判定基準の変更により無効です。"
            ),
            "再度照合してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_HIT,
        en=Text(
            (
                "{investor} matches the list {list}[ of {published}][ (score {score}, {matches} "
                "entries)]."
            ),
            "Nothing moves until two persons other than who screened release it with evidence.",
        ),
        ja=Text(
            (
                "{investor} はリスト {list}[（{published} 版）]に該当します"
                "[（スコア {score}、{matches} 件）]。"
            ),
            "照合者以外の2名が根拠資料を付して解除するまで、移転はできません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_POSSIBLE,
        en=Text(
            (
                "{investor} may be on the list {list}[ of {published}][ (score {score}, {matches} "
                "entries)]."
            ),
            "Compare the entries with the customer's file, and release them or block the investor.",
        ),
        ja=Text(
            (
                "{investor} はリスト {list}[（{published} 版）]に該当する可能性があります"
                "[（スコア {score}、{matches} 件）]。"
            ),
            "顧客資料と突き合わせ、解除するか、取引を制限してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_UNMATCHABLE,
        en=Text(
            "A name of {investor} has neither kana nor romaji, so it was not compared with {list}.",
            "Supply the reading and screen again, or have two persons compare it by hand.",
        ),
        ja=Text(
            "{investor} の氏名にカナもローマ字もないため、{list} と照合できません。",
            "読みを登録して再度照合するか、2名の目視で確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_CLEAR,
        en=Text(
            "The screening of {investor} against {list} is clear: there is nothing to release.",
            "Name the screening that found a match.",
        ),
        ja=Text(
            "{investor} の {list} との照合結果は「該当なし」であり、解除の対象がありません。",
            "該当のあった照合を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_SAME_PERSON,
        en=Text(
            "{person} is the {other} of this screening and cannot be the {role} of its release.",
            "Another person has to do it.",
        ),
        ja=Text(
            "{person} はこの照合の {other} であるため、解除の {role} にはなれません。",
            "別の担当者が行ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_LIST_DIFFERS,
        en=Text(
            "Two versions of the list {list} were expected; one is another version or list ({other}).",
            "Give the version that was in force and the one that follows it.",
        ),
        ja=Text(
            "リスト {list} の連続する2つの版が必要ですが、別の版またはリスト（{other}）です。",
            "適用中の版と、その次の版を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SCREENING_LIST_INVALID,
        en=Text(
            (
                "The list file {file} cannot be used[, line {line}][, element {element}]"
                "[, field '{field}']: {problem}."
            ),
            "Get the file again from its publisher. Nothing of it was loaded.",
        ),
        ja=Text(
            (
                "リストファイル {file} は使えません[（{line} 行目）][（要素 {element}）]"
                "[（項目「{field}」）]：{problem}。"
            ),
            "発行元から取得し直してください。1件も読み込まれていません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TRAVEL_RULE_INVALID,
        en=Text(
            "The Travel-Rule payload is not valid at {field}: {problem}.",
            "Complete or correct the field; IVMS101 says what it may hold.",
        ),
        ja=Text(
            "トラベルルール通知の {field} が正しくありません：{problem}。",
            "IVMS101 に従い、項目を補完または訂正してください。",
        ),
    ),
)
