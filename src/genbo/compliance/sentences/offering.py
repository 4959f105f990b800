"""Why an offering file or a question to the register is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.BELOW_MINIMUM_LOT,
        en=Text(
            (
                "{investor}[ (line {line})] applies for {applied} units, below the minimum of "
                "{minimum}."
            ),
            "Apply for at least {minimum} units.",
        ),
        ja=Text(
            (
                "[{line} 行目：]{investor} の数量 {applied} 口は、最低申込数量 {minimum} "
                "口を下回ります。"
            ),
            "{minimum} 口以上でお申し込みください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NOT_A_LOT_MULTIPLE,
        en=Text(
            (
                "{investor}[ (line {line})] asks for {applied} units; from {minimum} on, "
                "steps are of {step} units."
            ),
            "Correct the quantity to {minimum} plus a multiple of {step}.",
        ),
        ja=Text(
            (
                "[{line} 行目：]{investor} の数量 {applied} 口は、{minimum} 口以上 {step} "
                "口単位に合いません。"
            ),
            "{minimum} 口に {step} 口の倍数を加えた数量に訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.OVER_OFFERING_QUANTITY,
        en=Text(
            (
                "Applications reach {applied} units[ with {investor}][ (line {line})] against "
                "{offering} offered."
            ),
            (
                "Reduce the allotment to {offering} units in total; the file applies as a whole "
                "or not at all."
            ),
        ),
        ja=Text(
            (
                "[{line} 行目：][{investor} までの]割当数量の累計 {applied} 口が、募集数量 "
                "{offering} 口を超えます。"
            ),
            (
                "割当の合計を {offering} 口以下にしてください。"
                "ファイルは全件適用か不適用のいずれかです。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.INVESTOR_UNKNOWN,
        en=Text(
            "The investor {investor}[ (line {line})] is not registered.",
            "Register the investor first, or correct the id.",
        ),
        ja=Text(
            "[{line} 行目：]投資家ID {investor} は登録されていません。",
            "先に投資家を登録するか、投資家IDを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INVESTOR_EXISTS,
        en=Text(
            (
                "The investor {investor}[ on line {line}][ of {file}][, column '{column}',] is "
                "registered already."
            ),
            "Leave the row out; an investor id is never used twice.",
        ),
        ja=Text(
            (
                "[{file} ][{line} 行目][「{column}」列：]投資家ID {investor} "
                "は既に登録されています。"
            ),
            "該当行を除いてください。投資家IDは再利用しません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.HOLDING_UNKNOWN,
        en=Text(
            "There is no holding[ of {investor}][ at {account}][ in {product}] at that instant.",
            "Check the holder, the product and the date.",
        ),
        ja=Text(
            (
                "その時点の保有はありません[（投資家 {investor}）][（アドレス "
                "{account}）][（銘柄 {product}）]。"
            ),
            "投資家・銘柄・基準日を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TRADE_UNKNOWN,
        en=Text(
            "No executed trade is known under the reference {ref}.",
            "Check the reference; only an executed trade can be reversed.",
        ),
        ja=Text(
            "取引ID {ref} の約定済み取引は見つかりません。",
            "取引IDを確認してください。逆移転の対象は実行済みの取引だけです。",
        ),
    ),
    ReasonEntry(
        reason=Reason.REVERSAL_MISMATCH,
        en=Text(
            "The reversal does not mirror the trade {ref}[: {field} is {value}, not {expected}].",
            "Name the trade's recipient as giver, its sender as receiver, and its quantity.",
        ),
        ja=Text(
            "逆移転の内容が取引 {ref} と対応しません[（{field}：{value}、本来は {expected}）]。",
            "元の取引の移転先・移転元を入れ替え、同じ数量を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INVESTOR_TWICE,
        en=Text(
            (
                "The investor {investor}[ (line {line})] stands in the file twice[, first on "
                "line {first}]."
            ),
            "Put the whole quantity of an investor on one line.",
        ),
        ja=Text(
            (
                "[{line} 行目：]投資家ID {investor} がファイル内で重複しています[（初出 {first} "
                "行目）]。"
            ),
            "1投資家につき1行にまとめてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.STATUS_UNREACHABLE,
        en=Text(
            "A product cannot go from {status} to {wanted}.",
            "From {status} it may go to: {allowed}.",
        ),
        ja=Text(
            "受益権ステータスを {status} から {wanted} に変更できません。",
            "{status} から変更できるのは {allowed} です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.LOT_UNKNOWN,
        en=Text(
            "There is no lot {lot}[ of {product}].",
            "Take the lot id from the register of that product.",
        ),
        ja=Text(
            "[銘柄 {product} に]ロット {lot} はありません。",
            "原簿に記載のロット番号を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BLOCK_UNKNOWN,
        en=Text(
            "Block {block} is none of those that were read[, {first} to {last}].",
            "Ask for one of them; blocks that come later can be asked for once they are read.",
        ),
        ja=Text(
            "ブロック {block} は読取済みの範囲[（{first} から {last}）]にありません。",
            "範囲内のブロックを指定してください。新しいブロックは読取後に指定できます。",
        ),
    ),
)
