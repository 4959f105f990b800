"""What is wrong with the surroundings: the faults that end a command with exit code 2."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.NODE_UNREACHABLE,
        en=Text(
            "The node[ at {url}] does not answer[: {problem}].",
            "Start the node or correct its address in the settings.",
        ),
        ja=Text(
            "ノード[ {url} ]が応答しません[：{problem}]。",
            "ノードを起動するか、設定のアドレスを訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CHAIN_MISMATCH,
        en=Text(
            "The node[ at {url}] is on chain {actual}, the deployment on chain {expected}.",
            "Point the settings at the right node, or at the deployment of that chain.",
        ),
        ja=Text(
            "ノード[ {url} ]のチェーンIDは {actual} ですが、配備先は {expected} です。",
            "正しいノード、またはそのチェーンの配備情報を設定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.BYTECODE_MISMATCH,
        en=Text(
            (
                "The contract[ {contract}][ at {address}] has other code than this version of "
                "Genbo expects."
            ),
            "Use the version that deployed it, or check that the address is right.",
        ),
        ja=Text(
            "コントラクト[ {contract} ][（{address}）]のコードが、この版の Genbo と一致しません。",
            "配備に使った版を使うか、アドレスを確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.WIRING_MISMATCH,
        en=Text(
            (
                "The deployment is not wired as its parameters say[: {what}][ is {actual}][, "
                "expected {expected}]."
            ),
            "Do not operate it; compare the deployment with its parameters.",
        ),
        ja=Text(
            (
                "配備の内容がパラメータと一致しません[：{what}][（実際 {actual}）][（本来 "
                "{expected}）]。"
            ),
            "運用せずに、配備の内容とパラメータを照合してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DEPLOYMENT_MISSING,
        en=Text(
            "No deployment is recorded[ for chain {chain_id}][ in {file}].",
            "Deploy first (`genbo up`, or the scripts), or correct GENBO_DATA.",
        ),
        ja=Text(
            "配備情報がありません[（チェーンID {chain_id}）][（{file}）]。",
            "先に配備する（`genbo up` またはスクリプト）か、GENBO_DATA を訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DATABASE_UNREACHABLE,
        en=Text(
            "The database[ at {url}] does not answer[: {problem}].",
            "Start it, or correct GENBO_DATABASE_URL.",
        ),
        ja=Text(
            "データベース[ {url} ]に接続できません[：{problem}]。",
            "データベースを起動するか、GENBO_DATABASE_URL を訂正してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DATABASE_MIGRATION,
        en=Text(
            "The database is at migration {actual}, this version of Genbo needs {expected}.",
            "Migrate it (`genbo up --migrate`), or use the version of Genbo it belongs to.",
        ),
        ja=Text(
            "データベースの移行版は {actual} ですが、この版の Genbo には {expected} が必要です。",
            "移行する（`genbo up --migrate`）か、対応する版の Genbo を使ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DATA_FOLDER_IN_USE,
        en=Text(
            "The data folder[ {folder}] is in use by another process[ ({pid})].",
            "Stop the other process, or choose another folder.",
        ),
        ja=Text(
            "データフォルダ[ {folder} ]は別のプロセス[（{pid}）]が使用中です。",
            "そのプロセスを終了するか、別のフォルダを指定してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DEVELOPMENT_KEY_REFUSED,
        en=Text(
            (
                "A development key is configured for a chain that is not for development[ "
                "({chain_id})]."
            ),
            "Configure keys of your own; everybody knows the development keys.",
        ),
        ja=Text(
            "開発用でないチェーン[（{chain_id}）]に開発用の鍵が設定されています。",
            "独自の鍵を設定してください。開発用の鍵は公知です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.SETTING_INVALID,
        en=Text(
            "The setting {setting} cannot be used[: {problem}].",
            "Correct it[; allowed: {allowed}].",
        ),
        ja=Text(
            "設定 {setting} が正しくありません[：{problem}]。",
            "訂正してください[（指定できる値：{allowed}）]。",
        ),
    ),
    ReasonEntry(
        reason=Reason.INVARIANT_BROKEN,
        en=Text(
            (
                "An invariant does not hold[ (number {number})][ for {product}][ at {account}][: "
                "{problem}]."
            ),
            "Stop the platform, keep the logs, and compare register and ledger with `genbo check`.",
        ),
        ja=Text(
            (
                "不変条件が成立していません[（番号 {number}）][（銘柄 {product}）][（アドレス "
                "{account}）][：{problem}]。"
            ),
            (
                "プラットフォームを停止し、ログを保全のうえ、`genbo check` "
                "で原簿と台帳を照合してください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.TRANSACTION_FAILED,
        en=Text(
            "The transaction[ {tx}] failed[: {problem}].",
            "Nothing was changed; look at the node's log, then send it again.",
        ),
        ja=Text(
            "トランザクション[ {tx} ]が失敗しました[：{problem}]。",
            "何も変更されていません。ノードのログを確認し、再送してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TRANSACTION_UNKNOWN,
        en=Text(
            "The transaction[ {tx}] has no receipt, so its outcome is not known[: {problem}].",
            "Do not send the act again under a new reference; ask the node for the receipt later.",
        ),
        ja=Text(
            "トランザクション[ {tx} ]の受領証がなく、結果は未確定です[：{problem}]。",
            "別の取引IDで再送せず、後でノードに受領証を照会してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_MISSING,
        en=Text(
            "Only {reachable} of the {needed} keys that the duty needs can be reached.",
            "Connect the key store of the people who hold the duty, or have them act elsewhere.",
        ),
        ja=Text(
            "職務に必要な鍵 {needed} 本のうち、利用できるのは {reachable} 本です。",
            "職務担当者の鍵管理を接続するか、担当者の環境で実行してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRODUCT_UNRECORDED,
        en=Text(
            "The product {product} stands on the platform[ ({token})], its terms are not recorded here.",
            "Record them with `genbo product create FILE`, with the file it was created from.",
        ),
        ja=Text(
            "銘柄 {product} はプラットフォームにあります[（{token}）]が、発行条件が未登録です。",
            "作成に使った条件ファイルを `genbo product create FILE` で登録してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NODE_BEHIND,
        en=Text(
            (
                "The node[ at {url}] has come to block {head} only, behind block {needed}, to which the "
                "register or another node has come."
            ),
            "Nothing to do while it catches up; see that the other nodes answer again.",
        ),
        ja=Text(
            (
                "ノード[ {url} ]はブロック {head} までしか同期していません。原簿または他のノードはブロック "
                "{needed} まで進んでいます。"
            ),
            "同期が進むまで待ち、他のノードの応答を回復してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NODES_DISAGREE,
        en=Text(
            (
                "The nodes disagree about block {block}: {url} says {hash}, {other} says {other_hash}. "
                "Nothing after block {agreed} becomes final."
            ),
            (
                "Find out which node is on the chain of the others, take the other one out of "
                "GENBO_NODE_URL, and have it synchronise anew."
            ),
        ),
        ja=Text(
            (
                "ブロック {block} についてノードの回答が異なります：{url} は {hash}、{other} は {other_hash}"
                "。ブロック {agreed} より後は確定しません。"
            ),
            (
                "他の参加者と同じチェーンにいるノードを確かめ、もう一方を GENBO_NODE_URL から外して"
                "再同期してください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.REORGANISATION_TOO_DEEP,
        en=Text(
            (
                "The chain was reorganised {depth} blocks deep, from block {block} on; at most {allowed} "
                "are taken back by themselves. Nothing was changed."
            ),
            (
                "Find out with the other participants which chain counts. If it is the new one, start once "
                "with GENBO_REORGANISATION_DEPTH of at least {depth}; if not, point GENBO_NODE_URL at a node "
                "of the old one."
            ),
        ),
        ja=Text(
            (
                "ブロック {block} から {depth} ブロックに及ぶチェーンの再編成がありました。自動で巻き戻すのは "
                "{allowed} ブロックまでです。何も変更されていません。"
            ),
            (
                "正しいチェーンを他の参加者と確認してください。新しいチェーンが正しければ "
                "GENBO_REORGANISATION_DEPTH を {depth} 以上にして一度起動し、そうでなければ GENBO_NODE_URL を"
                "元のチェーンのノードに向けてください。"
            ),
        ),
    ),
    ReasonEntry(
        reason=Reason.REGISTER_BEHIND,
        en=Text(
            "The register stands at block {block}, the chain at block {head}[: {problem}].",
            "See that a process reads the ledger (`genbo up`) and what it says.",
        ),
        ja=Text(
            "原簿はブロック {block}、チェーンはブロック {head} です[：{problem}]。",
            "台帳を読むプロセス（`genbo up`）が動いているか、その表示を確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.DATABASE_FULL,
        en=Text(
            "The disk of the database[ at {url}] is full; nothing was half done.",
            "Make room on it; what waits goes on by itself.",
        ),
        ja=Text(
            "データベース[ {url} ]のディスクに空きがありません。途中まで行われた処理はありません。",
            "空き容量を確保してください。待っている処理は自動的に再開します。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COMMAND_WAITING,
        en=Text(
            "The command {command} is {state} and goes on by itself[: {problem}].",
            "Nothing needs to be ordered again; `genbo command show {command}` says what became of it.",
        ),
        ja=Text(
            "指図 {command} は「{state}」で、処理は自動的に続きます[：{problem}]。",
            "再指図は不要です。結果は `genbo command show {command}` で確認できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.OUTCOME_UNKNOWN,
        en=Text(
            "{count} transactions have had no receipt for {seconds} seconds; they are handed in again and again.",
            "Look whether blocks are made and the signers have coins where gas costs something; order nothing again.",
        ),
        ja=Text(
            "{count} 件のトランザクションが {seconds} 秒間受領されていません。同じ内容の再送を続けています。",
            "ブロックが生成されているか、手数料が必要な場合は残高を確認してください。再指図は不要です。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COMMANDS_WAIT,
        en=Text(
            "{count} commands are queued, the oldest for {seconds} seconds, and nobody sends them.",
            "Start a sender that has their keys: `genbo up`, or `genbo up --role sender`.",
        ),
        ja=Text(
            "送信待の指図が {count} 件あり、最も古いものは {seconds} 秒待っています。",
            "鍵を持つ送信プロセス（`genbo up`、または `genbo up --role sender`）を起動してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.NUMBER_TAKEN,
        en=Text(
            "{count} numbers of our signers were used by somebody else's transactions.",
            "Find out who else has the key; the commands went out under other numbers.",
        ),
        ja=Text(
            "署名者の番号のうち {count} 件が、他者のトランザクションに使われました。",
            "鍵を他に誰が持っているか調査してください。指図は別の番号で送信済みです。",
        ),
    ),
    ReasonEntry(
        reason=Reason.KEY_SERVICE_UNAVAILABLE,
        en=Text(
            "The key service {service} does not wrap or open keys: {problem}.",
            "{remedy}; then run it again, nothing was changed.",
        ),
        ja=Text(
            "鍵サービス {service} で鍵を包装・開封できません：{problem}。",
            "対処（{remedy}）のうえ、もう一度実行してください。何も変更されていません。",
        ),
    ),
)
