"""Why the market's calendar says no."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.BOOK_CLOSED,
        en=Text(
            "The book of the product is closed around {day} ({cause}) until {until}.",
            "Deliver after that; acts of the registrar run meanwhile.",
        ),
        ja=Text(
            "この銘柄は {day}（{cause}）前後の名義書換停止期間中です（{until} まで）。",
            "その時刻以後に受け渡してください。原簿管理者による処理は期間中も実行できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DELIVERY_NOT_DUE,
        en=Text("The delivery date {delivery_date} begins at {until}.", "Execute on that day."),
        ja=Text("受渡日 {delivery_date} は {until} から始まります。", "受渡日に実行してください。"),
    ),
    ReasonEntry(
        reason=Reason.DELIVERY_PASSED,
        en=Text(
            "The delivery date {delivery_date} is over; nothing is back-dated.",
            "Agree on a new delivery date, or have the registrar correct the register.",
        ),
        ja=Text(
            "受渡日 {delivery_date} は経過しました。遡っての実行はできません。",
            "新しい受渡日を合意するか、原簿管理者に訂正を依頼してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DELIVERY_NOT_BUSINESS_DAY,
        en=Text(
            "The delivery date {delivery_date} is no business day.",
            "Deliver on a business day; the next is {next_day}.",
        ),
        ja=Text(
            "受渡日 {delivery_date} は営業日ではありません。",
            "営業日を指定してください（翌営業日は {next_day}）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DELIVERY_OUTSIDE_LIFE,
        en=Text(
            "The delivery date {delivery_date} is outside the life of the product, {first} to {last}.",
            "Give a day from the set date to the redemption date.",
        ),
        ja=Text(
            "受渡日 {delivery_date} は銘柄の存続期間（{first} から {last}）の外です。",
            "設定日から償還日までの日を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CALENDAR_DAY_PASSED,
        en=Text(
            "The day {day} is over; the calendar of the past is not changed.",
            "Name today or a later day.",
        ),
        ja=Text(
            "{day} は経過しています。過去のカレンダーは変更できません。",
            "当日以後の日を指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CALENDAR_UNCHANGED,
        en=Text("{day} is what the override would make it already.", "Nothing is to be done."),
        ja=Text("{day} は既に指定どおりの扱いです。", "対応は不要です。"),
    ),
    ReasonEntry(
        reason=Reason.MARKET_HOURS_INVALID,
        en=Text(
            "The market hours cannot be used: {problem}.",
            "Give sessions in order of time that do not overlap.",
        ),
        ja=Text(
            "市場時間を使えません（{problem}）。", "重複しない時間帯を時刻順に指定してください。"
        ),
    ),
    ReasonEntry(
        reason=Reason.ORDER_UNKNOWN,
        en=Text("There is no order {trade} of {product}.", "Check the ids."),
        ja=Text("銘柄 {product} に注文 {trade} はありません。", "IDを確認してください。"),
    ),
    ReasonEntry(
        reason=Reason.ORDER_DIFFERS,
        en=Text(
            "Another order has the trade id {trade} already.",
            "Give a trade id that was never used; one moves units once.",
        ),
        ja=Text(
            "取引ID {trade} は内容の異なる注文で使われています。",
            "未使用の取引IDを指定してください（1つの取引IDで移転は1回です）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ORDER_NOT_OPEN,
        en=Text(
            "The order {trade} is {state}; only a waiting one can be withdrawn.",
            "What was delivered is undone by a reverse transfer.",
        ),
        ja=Text(
            "注文 {trade} の状態は {state} です。取り下げられるのは受付済（waiting）の注文だけです。",
            "受渡済の移転は逆移転で取り消してください。",
        ),
    ),
)
