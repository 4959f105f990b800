"""Why a key or a proof of possession is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.PRIVATE_KEY_REFUSED,
        en=Text(
            "This looks like a private key. It was not kept and is not repeated.",
            "Treat that key as known to others: move what it holds and use a new one. Only public keys are taken.",
        ),
        ja=Text(
            "秘密鍵と思われる値です。保存も表示もしていません。",
            "その鍵は漏えいしたものとして扱い、新しい鍵に更新してください。登録できるのは公開鍵だけです。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PUBLIC_KEY_INVALID,
        en=Text(
            "The public key of {account} is not a compressed secp256k1 key.",
            "Give 33 bytes that begin with 02 or 03.",
        ),
        ja=Text(
            "{account} の公開鍵が secp256k1 の圧縮形式ではありません。",
            "02 または 03 で始まる33バイトを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.EXTENDED_KEY_INVALID,
        en=Text(
            "The extended public key cannot be used: {problem}.",
            "Export it again from the wallet or key service, as xpub or tpub, and give an index below 2147483648.",
        ),
        ja=Text(
            "拡張公開鍵を使えません（{problem}）。",
            "鍵の保管元で xpub または tpub を再出力してください（インデックスは2147483648未満）。",
        ),
    ),
    ReasonEntry(
        reason=Reason.FINGERPRINT_MISMATCH,
        en=Text(
            "The extended public key has the fingerprint {found}, not the one its owner stated.",
            "Ask the owner by another way which key is right; use neither until then.",
        ),
        ja=Text(
            "拡張公開鍵のフィンガープリントは {found} で、保有者の申告と異なります。",
            "別の経路で保有者に正しい鍵を確認し、それまではいずれの鍵も使わないでください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_GAP_TOO_WIDE,
        en=Text(
            "Of the tree {tree}, the last {most} indexes were handed out and none was registered.",
            "Register or wait for the verdicts of those investors, or agree on a wider gap with the custodian.",
        ),
        ja=Text(
            "鍵ツリー {tree} では、直近 {most} 件のインデックスがいずれも未登録です。",
            "発行済みの投資家の判定・登録を先に済ませるか、カストディアンと間隔の上限を見直してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_UNKNOWN,
        en=Text(
            "There is no such key[ at {account}][ of {investor}][ in {product}].",
            "Check the ids; create or prove the key first.",
        ),
        ja=Text(
            "該当する鍵情報がありません[（アドレス {account}）][（投資家 {investor}）][（銘柄 {product}）]。",
            "IDを確認し、先に鍵を作成または保有証明してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_NOT_WAITING,
        en=Text(
            "The key {account} is {state}; only a waiting one can be registered or replace another.",
            "Create or prove a fresh one.",
        ),
        ja=Text(
            "鍵 {account} の状態は {state} です。登録・更新に使えるのは待機中（waiting）の鍵だけです。",
            "新しい鍵を作成または保有証明してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_ACTIVE,
        en=Text(
            "The investor {investor} has an active key in this product already, {account}.",
            "Replace it by re-keying; there is one per investor and product.",
        ),
        ja=Text(
            "投資家 {investor} には、この銘柄で有効な鍵 {account} が既にあります。",
            "鍵の更新で置き換えてください。有効な鍵は投資家・銘柄ごとに1つです。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ADDRESS_IN_USE,
        en=Text(
            "The address {account} was used before.",
            "Give a fresh one; an address serves one investor in one product, for ever.",
        ),
        ja=Text(
            "アドレス {account} は既に使われています。",
            "新しいアドレスを用意してください。アドレスは投資家・銘柄ごとに固有で、再利用しません。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CHALLENGE_EXPIRED,
        en=Text("The challenge had to be met before {until}.", "Ask for a new one and sign that."),
        ja=Text(
            "チャレンジの期限（{until}）を過ぎています。",
            "新しいチャレンジを取得し、署名してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CHALLENGE_USED,
        en=Text(
            "The challenge for {account} was met before; it is good once.",
            "Ask for a new one and sign that.",
        ),
        ja=Text(
            "{account} のチャレンジは使用済みです（1回限り）。",
            "新しいチャレンジを取得し、署名してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CHALLENGE_UNKNOWN,
        en=Text("There is no such challenge.", "Check it, or ask for a new one and sign that."),
        ja=Text(
            "該当するチャレンジがありません。",
            "内容を確認するか、新しいチャレンジを取得し、署名してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TREE_UNKNOWN,
        en=Text(
            "There is no key tree {tree}.",
            "Take the extended public key of the custodian or broker first.",
        ),
        ja=Text(
            "鍵ツリー {tree} はありません。",
            "先にカストディアンまたはブローカーの拡張公開鍵を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TREE_EXISTS,
        en=Text("There is a key tree {tree} already.", "Use it, or take another extended key."),
        ja=Text(
            "鍵ツリー {tree} は登録済みです。",
            "登録済みのものを使うか、別の拡張公開鍵を登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TREE_NOT_APPROVED,
        en=Text(
            "Nobody else has approved the key tree {tree} yet.",
            "Have it approved by somebody other than who took it.",
        ),
        ja=Text(
            "鍵ツリー {tree} はまだ承認されていません。",
            "登録した人以外の人が承認してください。",
        ),
    ),
)
