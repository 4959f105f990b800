"""Why an input is refused before any rule is asked."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.UNITS_OUT_OF_RANGE,
        en=Text(
            "{value} is not a number of units.",
            "Give a whole number from 0 to {most}.",
        ),
        ja=Text("{value} は数量として扱えません。", "0から {most} までの整数を指定してください。"),
    ),
    ReasonEntry(
        reason=Reason.KEY_MALFORMED,
        en=Text(
            "'{key}' cannot be an id or reference.",
            (
                "Use 1 to {most} of the characters A-Z a-z 0-9 . _ : / -, beginning with a "
                "letter or digit."
            ),
        ),
        ja=Text(
            "「{key}」はIDや取引IDとして使えません。",
            "英数字で始まる、英数字と . _ : / - の1〜{most}文字で指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TIME_MALFORMED,
        en=Text(
            "'{text}' is not a day or an instant.",
            "Write 2022-01-31 (the end of that day in Japan) or 2022-01-31T15:00:00+09:00.",
        ),
        ja=Text(
            "「{text}」は日付または時刻として読めません。",
            (
                "2022-01-31（日本時間のその日の終わり）または 2022-01-31T15:00:00+09:00 "
                "の形式で指定してください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.FIELD_MISSING,
        en=Text(
            "The field '{field}' is missing[ in {file}][, line {line}].",
            "Add it[; allowed: {allowed}].",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]項目「{field}」がありません。",
            "項目を追加してください[（指定できる値：{allowed}）]。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FIELD_INVALID,
        en=Text(
            "The field '{field}' is not valid[: '{value}'][ in {file}][, line {line}].",
            "Correct it; allowed: {allowed}.",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]項目「{field}」の値[「{value}」]は指定できません。",
            "訂正してください（指定できる値：{allowed}）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FIELD_UNKNOWN,
        en=Text(
            "There is no field '{field}'[ in {file}][, line {line}].",
            "Remove it or correct its name[; allowed: {allowed}].",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]項目「{field}」は存在しません。",
            "削除するか、項目名を訂正してください[（指定できる項目：{allowed}）]。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ROW_INVALID,
        en=Text(
            (
                "The row[ on line {line}][ of {file}] cannot be used[, column '{column}'][ "
                "('{value}')][: {problem}]."
            ),
            "Correct the row[; allowed: {allowed}]. Nothing of the file was applied.",
        ),
        ja=Text(
            (
                "[{file} ][{line} "
                "行目][「{column}」列]：この行は使えません[（「{value}」）][：{problem}]。"
            ),
            (
                "行を訂正してください[（指定できる値：{allowed}）]。"
                "ファイルは1件も適用されていません。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.FILE_UNREADABLE,
        en=Text(
            "The file {file} cannot be read[, line {line}][: {problem}].",
            "Check the path and the permissions; text is UTF-8, and a table may be Shift_JIS or .xlsx too.",
        ),
        ja=Text(
            "ファイル {file} を読めません[（{line} 行目）][：{problem}]。",
            "パス・権限を確認してください。文字コードはUTF-8（表はShift_JIS、.xlsxも可）です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FIELD_TWICE,
        en=Text(
            "The field '{field}' stands twice[ in {file}][, line {line}][, first on line {first}].",
            "Keep one of them.",
        ),
        ja=Text(
            "[{file} ][{line} 行目：]項目「{field}」が重複しています[（初出 {first} 行目）]。",
            "いずれか一つだけを残してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FILE_UNWRITABLE,
        en=Text(
            "The file {file} cannot be written[: {problem}].",
            "Check the path, the permissions and the free space, or name another place.",
        ),
        ja=Text(
            "ファイル {file} に書き込めません[：{problem}]。",
            "パス・権限・空き容量を確認するか、別の場所を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COMMAND_INVALID,
        en=Text(
            "The command cannot be understood[: {problem}].",
            "See `{help}`.",
        ),
        ja=Text(
            "コマンドを解釈できません[：{problem}]。",
            "`{help}` を参照してください。",
        ),
    ),
)
