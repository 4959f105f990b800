"""Audit actions (監査記録の種別): the closed list of what the audit chain records, as `source:subject:action`.

The source says which part of the system acted, the subject what it acted on. An action is never renamed and never
reused: entries of years ago must read the same. Each explains itself in both languages.
"""

from enum import StrEnum


class AuditAction(StrEnum):
    """One kind of change, or of reading of personal data."""

    english: str
    japanese: str

    def __new__(cls, tag: str, english: str, japanese: str) -> "AuditAction":
        action = str.__new__(cls, tag)
        action._value_ = tag
        action.english = english
        action.japanese = japanese
        return action

    @classmethod
    def named(cls, tag: str) -> "AuditAction | None":
        """The action with that tag; None when this version has none."""
        return next((action for action in cls if action.value == tag), None)

    # registry: what people enter and decide

    DEPLOYMENT_RECORDED = (
        "registry:deployment:recorded",
        "the database was bound to the contracts of a chain",
        "配備を記録した",
    )
    PRODUCT_RECORDED = ("registry:product:recorded", "a product was drafted", "銘柄を登録した")
    PRODUCT_DEPLOYED = (
        "registry:product:deployed",
        "the token of a product was recorded",
        "銘柄のトークンを記録した",
    )
    PRODUCT_MOVED_ON = (
        "registry:product:moved_on",
        "the status of a product changed",
        "銘柄の状態が変わった",
    )
    PRODUCT_SPLIT = (
        "registry:product:split",
        "a split was written into the terms of a product",
        "分割を発行条件に反映した",
    )
    INVESTOR_REGISTERED = (
        "registry:investor:registered",
        "an investor was registered, with a data key and a first name and address, sealed",
        "投資家を登録した（データ鍵、封印した氏名・住所を含む）",
    )
    INVESTOR_JUDGED = (
        "registry:investor:judged",
        "status or class of an investor was set",
        "投資家の状態または区分を定めた",
    )
    INVESTOR_RENAMED = (
        "registry:investor:renamed",
        "a further version of name and address was recorded, sealed",
        "氏名・住所の新しい版を記録した",
    )
    INVESTOR_CORRECTED = (
        "registry:investor:corrected",
        "columns of an investor that were entered wrongly were entered anew",
        "投資家の登録内容を訂正した",
    )
    INVESTOR_ERASED = (
        "registry:investor:erased",
        "an investor was marked as erased",
        "投資家を消去済とした",
    )
    VERDICT_RECORDED = (
        "registry:verdict:recorded",
        "the outcome of a check of an investor was recorded",
        "確認結果を記録した",
    )
    VERDICT_REVOKED = (
        "registry:verdict:revoked",
        "a verdict was taken back: nothing holds from then on",
        "確認結果を取り消した",
    )
    KYC_SESSION_STARTED = (
        "registry:kyc_session:started",
        "a KYC provider was asked to check an investor",
        "本人確認を開始した",
    )
    KYC_RESULT_RECEIVED = (
        "registry:kyc_result:received",
        "a KYC provider answered, signed",
        "本人確認の結果を受領した",
    )
    LIST_LOADED = (
        "registry:sanctions_list:loaded",
        "a version of a sanctions list came into force",
        "制裁対象者リストの版を取り込んだ",
    )
    THRESHOLDS_SET = (
        "registry:screening:thresholds_set",
        "thresholds of screening came into force",
        "照合の判定基準を定めた",
    )
    INVESTORS_SCREENED = (
        "registry:screening:done",
        "investors were compared with a version of a list",
        "投資家をリストと照合した",
    )
    RELEASE_PROPOSED = (
        "registry:screening:release_proposed",
        "somebody proposed that what a screening found does not stand in the way",
        "照合結果の解除を起案した",
    )
    RELEASE_APPROVED = (
        "registry:screening:released",
        "a second person approved the release",
        "照合結果の解除を承認した",
    )
    WALLET_ASSIGNED = (
        "registry:wallet:assigned",
        "an address began to speak for an investor in a product",
        "アドレスを投資家に割り当てた",
    )
    WALLET_REPLACED = (
        "registry:wallet:replaced",
        "an address stopped speaking for an investor",
        "アドレスを差し替えた",
    )
    WALLET_CREATED = (
        "registry:wallet:created",
        "a fresh address was created below an extended public key; it waits for a verdict",
        "鍵ツリーから新しいアドレスを作成した（判定待ち）",
    )
    WALLET_PROVED = (
        "registry:wallet:proved",
        "the holder of an address proved to have its key; it waits for a verdict",
        "アドレスの保有証明を受け付けた（判定待ち）",
    )
    WALLET_REGISTERED = (
        "registry:wallet:registered",
        "a waiting address began to speak for its investor, after a positive verdict",
        "判定を経てアドレスを有効にした",
    )
    CHALLENGE_ISSUED = (
        "registry:challenge:issued",
        "a challenge to prove the possession of an address was issued",
        "保有証明のチャレンジを発行した",
    )
    CHALLENGE_MET = (
        "registry:challenge:met",
        "a challenge was met; it is not good again",
        "保有証明のチャレンジが満たされた",
    )
    TREE_PROPOSED = (
        "registry:address_tree:proposed",
        "an extended public key was taken, sealed; nothing comes from it before somebody else approves",
        "拡張公開鍵を封印して受け付けた（承認待ち）",
    )
    TREE_APPROVED = (
        "registry:address_tree:approved",
        "somebody else approved an extended public key",
        "拡張公開鍵を承認した",
    )
    MARKET_STATUS_NOTED = (
        "registry:market:status_noted",
        "the market on the ledger had opened or closed",
        "台帳上の開閉局ステータスを記録した",
    )
    DAY_OVERRIDDEN = (
        "registry:calendar:overridden",
        "a day was made a business day, or a holiday",
        "営業日の例外を登録した",
    )
    MARKET_HOURS_SET = (
        "registry:market:hours_set",
        "further market hours were recorded",
        "市場時間の新しい版を登録した",
    )
    MARKET_DECIDED = (
        "registry:market:decided",
        "the market was closed, opened or stopped, or a transfer-enable group switched",
        "市場または移転実行可否の決定を記録した",
    )
    BOOK_CLOSING_SET = (
        "registry:product:book_closing_set",
        "a book-closing rule of a product was recorded",
        "名義書換停止期間の定めを登録した",
    )
    ORDER_ACCEPTED = (
        "registry:order:accepted",
        "an order to transfer was accepted",
        "移転の注文を受け付けた",
    )
    ORDER_MOVED_ON = (
        "registry:order:moved_on",
        "the state of an order changed",
        "移転の注文の状態が変わった",
    )
    PERSONAL_DATA_READ = (
        "registry:personal_data:read",
        "sealed data was opened for a purpose",
        "個人情報を閲覧した",
    )
    KEY_DESTROYED = (
        "registry:key:destroyed",
        "the data key of an investor was destroyed: the sealed data cannot be read any more",
        "データ鍵を破棄した",
    )
    KEYS_REWRAPPED = (
        "registry:key:rewrapped",
        "keys were wrapped by another key-encryption key; what they seal was not touched",
        "鍵を別の鍵暗号化鍵で包み直した",
    )
    KEYS_RESTORED = (
        "registry:key:restored",
        "wrapped keys were taken from a key ring file into a restored database",
        "鍵束ファイルから鍵を復元した",
    )
    VAULT_SECRET_MADE = (
        "registry:vault_secret:made",
        "a secret of the vault was made, wrapped",
        "保管庫の秘密を作成した",
    )
    INDEX_REMADE = (
        "registry:blind_index:remade",
        "the blind index was made anew under a new key",
        "ブラインドインデックスを作り直した",
    )
    RELATION_ENDED = (
        "registry:investor:relation_ended",
        "the contract with an investor ended; use of the personal data is restricted from then on",
        "投資家との契約が終了した（以後、個人情報の利用を制限する）",
    )
    USE_RESTRICTED = (
        "registry:investor:use_restricted",
        "use of the personal data of an investor was restricted",
        "投資家の個人情報の利用を制限した",
    )
    HOLD_PLACED = (
        "registry:legal_hold:placed",
        "a legal hold was placed: the data is not erased while it stands",
        "法的保全を設定した",
    )
    HOLD_LIFTED = (
        "registry:legal_hold:lifted",
        "a legal hold was lifted by somebody other than who placed it",
        "法的保全を解除した",
    )

    PRODUCT_RENAMED = (
        "registry:product:renamed",
        "a further version of a product's name was recorded",
        "受益権名称の新しい版を記録した",
    )
    PRODUCT_COMMENTED = (
        "registry:product:commented",
        "the free comments of a product were set",
        "フリーコメントを記載した",
    )
    PRODUCT_HANDLED = (
        "registry:product:handled",
        "a firm began to handle a product",
        "銘柄の取扱機関を登録した",
    )
    INSTITUTION_RECORDED = (
        "registry:institution:recorded",
        "a firm was given access under a role",
        "関係機関を登録した",
    )
    FIRM_RECORDED = (
        "registry:firm:recorded",
        "a firm was registered, its contact sealed",
        "関係者（保護預り先・委託者・受託者など）を登録した",
    )
    FIRM_CHANGED = (
        "registry:firm:changed",
        "a firm was changed; what it said before is kept",
        "関係者の登録内容を変更した",
    )
    CONTRACT_RECORDED = (
        "registry:contract:recorded",
        "a trust contract was registered",
        "信託契約を登録した",
    )
    CONTRACT_CHANGED = (
        "registry:contract:changed",
        "a trust contract was changed; what it said before is kept",
        "信託契約の登録内容を変更した",
    )
    BANKS_LOADED = (
        "registry:bank:loaded",
        "banks and branches were loaded",
        "金融機関マスターを取り込んだ",
    )
    INTRODUCTION_RECORDED = (
        "registry:introduction:recorded",
        "who introduced an investor, and what it may see, was recorded",
        "仲介業者による媒介を記録した",
    )
    OWNER_KEY_MADE = (
        "registry:key:made",
        "a data key was made for a firm or another owner",
        "所有者別データ鍵を生成した",
    )

    # registry: who has access, what they may do, what they asked for in vain

    USER_REGISTERED = (
        "registry:user:registered",
        "a user was registered, without any permission",
        "利用者を登録した",
    )
    USER_LOCKED = (
        "registry:user:locked",
        "a user was locked after too many failed sign-ins",
        "利用者をロックした",
    )
    USER_UNLOCKED = (
        "registry:user:unlocked",
        "somebody else unlocked a user",
        "利用者のロックを解除した",
    )
    USER_DISABLED = (
        "registry:user:disabled",
        "a user was disabled, by somebody or for want of use",
        "利用者を無効にした",
    )
    USER_ENABLED = (
        "registry:user:enabled",
        "somebody else enabled a user again",
        "利用者を有効に戻した",
    )
    USER_DELETED = (
        "registry:user:deleted",
        "a user was deleted; the id is not used again",
        "利用者を削除した",
    )
    USER_SIGNED_IN = (
        "registry:user:signed_in",
        "a user signed in",
        "利用者がログオンした",
    )
    SIGN_IN_REFUSED = (
        "registry:user:sign_in_refused",
        "a sign-in was refused",
        "ログオンを拒否した",
    )
    PASSWORD_CHANGED = (
        "registry:user:password_changed",
        "a user changed the password",
        "利用者がパスワードを変更した",
    )
    PASSWORD_RESET = (
        "registry:user:password_reset",
        "somebody else set a first password, to be changed at the next sign-in",
        "初期パスワードを設定した",
    )
    SECOND_FACTOR_ENROLLED = (
        "registry:user:second_factor_enrolled",
        "a user enrolled a second factor",
        "二要素認証を登録した",
    )
    SECOND_FACTOR_REMOVED = (
        "registry:user:second_factor_removed",
        "somebody else removed the second factor of a user",
        "二要素認証を解除した",
    )
    POWERS_CONFIRMED = (
        "registry:user:powers_confirmed",
        "after a reset, somebody who had no part in it let the permissions of a user count again",
        "再設定後の利用者の権限を再び有効にした",
    )
    IDENTITY_BOUND = (
        "registry:user:identity_bound",
        "two persons bound a user to an identity at the identity provider",
        "利用者を外部認証に紐付けた",
    )
    IDENTITY_UNBOUND = (
        "registry:user:identity_unbound",
        "two persons released a user from the identity provider",
        "利用者の外部認証を解除した",
    )
    USER_ERASED = (
        "registry:user:erased",
        "the data key of a deleted user was destroyed: name and employee code cannot be read any more",
        "削除済利用者のデータ鍵を破棄した",
    )
    MEANS_PROPOSED = (
        "registry:user:means_proposed",
        "another way for a user to sign in was proposed",
        "ログオン手段の変更を起案した",
    )
    PROPOSAL_WITHDRAWN = (
        "registry:proposal:withdrawn",
        "a proposal about access was withdrawn by its maker",
        "起案を取り下げた",
    )
    CREDENTIAL_PROPOSED = (
        "registry:credential:proposed",
        "a machine credential was proposed",
        "機関の認証情報を起案した",
    )
    PERMISSION_PROPOSED = (
        "registry:permission:proposed",
        "a grant or a revocation of a permission was proposed",
        "権限の付与・剥奪を起案した",
    )
    PERMISSION_GRANTED = (
        "registry:permission:granted",
        "a permission was granted by two persons",
        "権限を付与した",
    )
    PERMISSION_REVOKED = (
        "registry:permission:revoked",
        "a permission was revoked by two persons",
        "権限を剥奪した",
    )
    CREDENTIAL_ISSUED = (
        "registry:credential:issued",
        "a machine credential was issued by two persons",
        "機関の認証情報を発行した",
    )
    CREDENTIAL_REVOKED = (
        "registry:credential:revoked",
        "a machine credential was revoked",
        "機関の認証情報を失効させた",
    )
    CREDENTIAL_REFUSED = (
        "registry:credential:refused",
        "a machine credential was refused, or used outside its scope",
        "機関の認証情報を拒否した",
    )
    NOT_FOUND_ANSWERED = (
        "registry:visibility:not_found",
        "somebody asked for what is not there, or not theirs to see",
        "閲覧範囲外または存在しない照会に該当なしと回答した",
    )
    REGISTER_ISSUED = (
        "registry:register:issued",
        "a register was issued as a document, to whom and why",
        "原簿の写しを発行した",
    )
    CERTIFICATE_ISSUED = (
        "registry:certificate:issued",
        "a certificate of a holder's entries was issued",
        "記載事項証明書を発行した",
    )
    REGISTER_ANCHORED = (
        "registry:register:anchored",
        "a register was committed to on the ledger",
        "原簿の写しをアンカリングした",
    )
    DISCLOSURE_PROPOSED = (
        "registry:disclosure:proposed",
        "naming the holders of a product to an issuer was proposed, with purpose and basis",
        "投資家情報の開示を起案した",
    )
    DISCLOSURE_APPROVED = (
        "registry:disclosure:approved",
        "somebody else approved a disclosure: the issuer may read names until it ends",
        "投資家情報の開示を承認した",
    )
    DISCLOSURE_USED = (
        "registry:disclosure:used",
        "names were opened for an issuer under a disclosure",
        "開示に基づき投資家情報を開示した",
    )
    DISCLOSURE_ENDED = (
        "registry:disclosure:ended",
        "a disclosure was ended before its time",
        "投資家情報の開示を終了した",
    )

    DOCUMENT_ASKED = (
        "registry:document_job:asked",
        "a document was asked for that is made later",
        "帳票の作成を依頼した",
    )
    DOCUMENT_ENDED = (
        "registry:document_job:ended",
        "a document that was asked for was made, refused or cancelled",
        "依頼された帳票の作成が終わった（完了・拒否・中止）",
    )
    DOCUMENT_FETCHED = (
        "registry:document_job:fetched",
        "a document that had been made was fetched",
        "作成済の帳票を取得した",
    )
    DOCUMENT_REMOVED = (
        "registry:document_job:removed",
        "what was asked and what was made were deleted, and their key destroyed",
        "帳票の依頼と結果を削除し、その鍵を破棄した",
    )

    # registry: files for masters (R-PROGMAT-T15)

    UPLOAD_BEGUN = (
        "registry:upload:begun",
        "a firm began to send a file in parts",
        "取込ファイルのアップロードが始まった",
    )
    UPLOAD_ENDED = (
        "registry:upload:ended",
        "the parts of a file were deleted, and their key destroyed",
        "アップロードされた内容を削除し、その鍵を破棄した",
    )
    IMPORT_FILE_ANNOUNCED = (
        "registry:import_file:announced",
        "a file for a master was announced with its size, time and hash",
        "取込ファイルを予告した",
    )
    IMPORT_FILE_RECEIVED = (
        "registry:import_file:received",
        "a file came as it was announced",
        "取込ファイルを受領した",
    )
    IMPORT_FILE_CHECKING = (
        "registry:import_file:checking",
        "the rows of a file are checked",
        "取込ファイルの検証を始めた",
    )
    IMPORT_FILE_CHECKED = (
        "registry:import_file:checked",
        "every row of a file could be applied",
        "取込ファイルの検証が終わった",
    )
    IMPORT_FILE_APPROVED = (
        "registry:import_file:approved",
        "somebody other than who announced a file approved it",
        "取込ファイルを承認した",
    )
    IMPORT_FILE_APPLYING = (
        "registry:import_file:applying",
        "a file is applied; nothing of it is visible yet",
        "取込ファイルの反映を始めた",
    )
    IMPORT_FILE_DONE = (
        "registry:import_file:done",
        "every row of a file was applied",
        "取込ファイルを反映した",
    )
    IMPORT_FILE_FAILED = (
        "registry:import_file:failed",
        "a file was given up; no row of it was applied",
        "取込ファイルは失敗し、1件も反映されていない",
    )
    MASTER_EXPORTED = (
        "registry:master:exported",
        "the rows of a master were written to a file",
        "マスターをファイルに出力した",
    )

    # registry: where institutions are told of what happened

    WEBHOOK_REGISTERED = (
        "registry:webhook:registered",
        "an institution registered an address that notices are posted to",
        "通知の送信先（Webhook）を登録した",
    )
    WEBHOOK_CHANGED = (
        "registry:webhook:changed",
        "an institution changed address, types, products or state of a webhook",
        "Webhookの登録内容を変更した",
    )
    WEBHOOK_SECRET_ROTATED = (
        "registry:webhook:secret_rotated",
        "a further secret of a webhook counts; the one before counts for a while beside it",
        "Webhookの署名鍵を更新した",
    )
    WEBHOOK_DEACTIVATED = (
        "registry:webhook:deactivated",
        "nothing was delivered to a webhook for days: nothing more is posted to it",
        "配信不能が続いたWebhookを停止した",
    )
    WEBHOOK_DELETED = (
        "registry:webhook:deleted",
        "an institution deleted a webhook",
        "Webhookを削除した",
    )
    WEBHOOK_REPLAYED = (
        "registry:webhook:replayed",
        "notices that were told already are posted to a webhook once more",
        "通知の再送を指示した",
    )

    # office: what is commanded and approved

    COMMAND_SUBMITTED = ("office:command:submitted", "a command was ordered", "指図を起案した")
    COMMAND_CHECKED = (
        "office:command:checked",
        "a command was found admissible",
        "指図を検証した",
    )
    APPROVAL_GIVEN = (
        "office:approval:given",
        "a person other than the maker signed the exact bytes of a command",
        "指図に承認の署名をした",
    )
    SAFE_SIGNED = (
        "office:approval:signed_for_safe",
        "an owner of a Safe signed a command under the Safe's next number",
        "二名承認口座の取引に署名した",
    )
    COMMAND_APPROVED = (
        "office:command:approved",
        "a command had the approvals it needs",
        "指図の承認が揃った",
    )
    COMMAND_QUEUED = ("office:command:queued", "a command waits to be sent", "指図を送信待ちにした")
    COMMAND_SENT = (
        "office:command:sent",
        "a command is on its way, or stands in a block that is not final",
        "指図を送信した",
    )
    COMMAND_FINAL = ("office:command:final", "a command took effect for good", "指図が確定した")
    COMMAND_REFUSED = ("office:command:refused", "a command was refused", "指図が拒否された")
    COMMAND_SUPERSEDED = (
        "office:command:superseded",
        "a command was withdrawn by its maker",
        "指図が取り下げられた",
    )
    JOB_ORDERED = ("office:job:ordered", "a bulk act was ordered", "一括処理を指図した")
    JOB_ENDED = (
        "office:job:ended",
        "a bulk act ended, or was cancelled",
        "一括処理が終了した",
    )

    # money: what follows the register

    RECORD_DATE_FIXED = (
        "registry:record_date:fixed",
        "the holders of a record date were fixed",
        "権利確定日の権利者を確定した",
    )
    TAX_CATEGORY_RECORDED = (
        "registry:tax_category:recorded",
        "how an investor is taxed was recorded",
        "投資家の税区分を記録した",
    )
    ACTION_DECIDED = (
        "registry:action:decided",
        "a redemption, a split or an additional issue was drafted",
        "償還・分割・追加発行を起案した",
    )
    ACTION_APPROVED = (
        "registry:action:approved",
        "a redemption, a split or an additional issue was approved by somebody else",
        "償還・分割・追加発行を承認した",
    )
    ACTION_REJECTED = (
        "registry:action:rejected",
        "a draft of a redemption, a split or an additional issue was turned down or taken back",
        "償還・分割・追加発行の起案を却下または取り下げた",
    )
    ACTION_BEGUN = (
        "registry:action:begun",
        "a redemption, a split or an additional issue began to be carried out",
        "償還・分割・追加発行の実行を開始した",
    )
    ACTION_DONE = (
        "registry:action:done",
        "a redemption, a split or an additional issue was carried out",
        "償還・分割・追加発行を実行した",
    )
    DISTRIBUTION_DECLARED = (
        "registry:distribution:declared",
        "a distribution was drafted, with what each payee is owed",
        "分配を起案した（支払明細を含む）",
    )
    DISTRIBUTION_APPROVED = (
        "registry:distribution:approved",
        "a distribution was approved by somebody else",
        "分配を承認した",
    )
    DISTRIBUTION_REJECTED = (
        "registry:distribution:rejected",
        "a draft of a distribution was turned down or taken back",
        "分配を却下または取り下げた",
    )
    PAYMENT_HELD = (
        "registry:payment:held",
        "payments were put aside",
        "支払を留保した",
    )
    PAYMENT_RELEASED = (
        "registry:payment:released",
        "payments that were put aside may be paid",
        "留保した支払を解除した",
    )
    PAYMENT_FILE_MADE = (
        "registry:payment_file:made",
        "a payment file was made; its digest is kept, its bytes are not",
        "振込データを作成した（ダイジェストのみ保存）",
    )
    PAYMENT_SETTLED = (
        "registry:payment:settled",
        "what a bank said of payments was taken over",
        "振込結果を取り込んだ",
    )
    PAYMENT_TERMS_RECORDED = (
        "registry:payment_terms:recorded",
        "how the distributions of a product are paid was recorded",
        "銘柄の支払方法を記録した",
    )
    TOKEN_BATCH_SENT = (
        "registry:token_batch:sent",
        "a batch of payments in a yen token was ordered",
        "円建トークンによる支払を指図した",
    )
    TOKEN_BATCH_SETTLED = (
        "registry:token_batch:settled",
        "what the ledger said of payments in a yen token was taken over",
        "円建トークンによる支払の結果を取り込んだ",
    )
    TOKEN_BATCH_VOID = (
        "registry:token_batch:void",
        "a batch of payments in a yen token came to nothing; its lines can be paid again",
        "円建トークンによる支払が成立せず、明細を支払待に戻した",
    )

    # reconciliation: books, what differed, what is certified

    BOOK_CHECKED = (
        "registry:book:checked",
        "a firm's book was compared with the register at a block",
        "帳簿を原簿と照合した",
    )
    CASE_OPENED = (
        "registry:case:opened",
        "a difference between a book and the register became a case",
        "差異調査を開始した",
    )
    CASE_ESCALATED = (
        "registry:case:escalated",
        "a difference case was passed on to custodian and registrar",
        "差異調査を上位報告した",
    )
    CASE_CLOSED = (
        "registry:case:closed",
        "a difference case was closed with its cause",
        "差異調査を終了した",
    )
    CERTIFIER_PROPOSED = (
        "registry:certifier:proposed",
        "a key that certifies balances for a custodian was proposed",
        "残高証明の署名者を起案した",
    )
    CERTIFIER_APPROVED = (
        "registry:certifier:approved",
        "a key that certifies balances for a custodian was approved by somebody else",
        "残高証明の署名者を承認した",
    )
    CERTIFIER_ENDED = (
        "registry:certifier:ended",
        "a key certifies balances for a custodian no longer",
        "残高証明の署名者を終了した",
    )
    BALANCE_CERTIFIED = (
        "registry:balance:certified",
        "a signed balance certificate was taken and kept",
        "残高証明書を登録した",
    )

    # sender: what was signed

    TRANSACTION_SIGNED = (
        "sender:transaction:signed",
        "a transaction was signed under a number of its signer, before anybody heard of it",
        "取引に署名した",
    )
    TRANSACTION_REPLACED = (
        "sender:transaction:replaced",
        "a transaction was signed again under the same number, with a higher fee",
        "取引を同じ番号で差し替えた",
    )

    # ledger: what reading the chain changed beyond the derived rows

    REGISTER_ROLLED_BACK = (
        "ledger:register:rolled_back",
        "the chain was reorganised: what was read after a block was taken back",
        "チェーンの再編成により原簿を巻き戻した",
    )

    # audit: the chain of entries itself

    AUDIT_BEGUN = ("audit:chain:begun", "the audit chain begins", "監査記録を開始した")
    ROWS_TAKEN_OVER = (
        "audit:rows:taken_over",
        "rows that were there before the chain began; it vouches for them from here on",
        "監査記録の開始前からある行を引き継いだ",
    )
    AUDIT_DAY_CLOSED = (
        "audit:day:closed",
        "a day in Japan is over: no later entry belongs to it",
        "監査日を締めた",
    )
    AUDIT_DAY_ANCHORED = (
        "audit:day:anchored",
        "the entries of a day were committed to on the ledger",
        "監査日をアンカリングした",
    )
    AUDIT_EXPORTED = (
        "audit:chain:exported",
        "the chain was written to a file",
        "監査記録を出力した",
    )
