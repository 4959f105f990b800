"""The calls of the client that waits. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from genbo_sdk._client import ClientBase
from genbo_sdk._core import Core
from genbo_sdk._json import as_of as _as_of
from genbo_sdk._pages import Pages
from genbo_sdk._stream import Events

if TYPE_CHECKING:
    from genbo_sdk import _models as m
    from genbo_sdk._json import Empty


class InstitutionsCalls:
    """Institutions (関係機関): who is asking, and the firms around it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def me(self) -> m.Me:
        """Who is asking, with which credential, for how long. 自己確認"""
        answer: m.Me = self._core.call("institutions.me")
        return answer

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Institution, m.InstitutionPage]:
        """The institution itself, the firms that handle its products, and, for the platform manager, all.
        関係機関一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core, "institutions.list", path={}, query={"limit": limit, "cursor": cursor}
        )

    def get(self, institution: str) -> m.Institution:
        """One institution, with its version as ETag. 関係機関

        Args:
            institution: Id of the institution. 関係者ID
        """
        answer: m.Institution = self._core.call(
            "institutions.get", path={"institution": institution}
        )
        return answer

    def admit(
        self,
        *,
        institution: str,
        role: m.InstitutionRole | str,
        custodian: str | None = None,
        own_account: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Institution:
        """Gives a firm access under its role. Its systems get credentials from two administrators.
        関係機関の登録

        Args:
            institution: 関係機関ID
            role: It never changes: another role is another institution. 役割
            custodian: Keeps the keys of a delegating broker. カストディアンID (T8.5)
            own_account: 自己口投資家ID (T8.4)
        """
        answer: m.Institution = self._core.call(
            "institutions.admit",
            body={
                "institution": institution,
                "role": role,
                "custodian": custodian,
                "own_account": own_account,
            },
            key=idempotency_key,
        )
        return answer

    def admit_dry_run(
        self,
        *,
        institution: str,
        role: m.InstitutionRole | str,
        custodian: str | None = None,
        own_account: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `admit`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "institutions.admit_dry_run",
            body={
                "institution": institution,
                "role": role,
                "custodian": custodian,
                "own_account": own_account,
            },
            key=idempotency_key,
        )
        return answer

    def let_handle(
        self, product: str, *, institution: str, idempotency_key: str | None = None
    ) -> m.Handled:
        """Lets a broker, custodian or intermediary handle a product: it sees terms and totals from then on.
        取扱の登録

        Args:
            product: Id of the product. 受益権ID (T3.1)
            institution: A broker, custodian or intermediary. 関係機関ID
        """
        answer: m.Handled = self._core.call(
            "institutions.let_handle",
            path={"product": product},
            body={"institution": institution},
            key=idempotency_key,
        )
        return answer

    def let_handle_dry_run(
        self, product: str, *, institution: str, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `let_handle`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "institutions.let_handle_dry_run",
            path={"product": product},
            body={"institution": institution},
            key=idempotency_key,
        )
        return answer


class UsersCalls:
    """Users (利用者) of an institution, without their names."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, institution: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.User, m.UserPage]:
        """The institution's users by id, for its administrators' systems: nobody's name. 利用者一覧

        Args:
            institution: Whose, for the platform manager; by default its own. 関係機関ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "users.list",
            path={},
            query={"institution": institution, "limit": limit, "cursor": cursor},
        )


class InvestorsCalls:
    """Investors (投資家): customers, their addresses, and with a purpose their names."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Investor, m.InvestorPage]:
        """The firm's customers, and for a registrar the holders of its products, by id. 投資家一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core, "investors.list", path={}, query={"limit": limit, "cursor": cursor}
        )

    def get(self, investor: str) -> m.Investor:
        """One investor, with its version as ETag. 投資家

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
        """
        answer: m.Investor = self._core.call("investors.get", path={"investor": investor})
        return answer

    def register(
        self,
        *,
        kind: Literal["individual", "corporation"],
        name: str,
        registered_address: str,
        corporate_number: str | None = None,
        contact_addressee: str | None = None,
        contact_postal_code: str | None = None,
        contact_address: str | None = None,
        contact_phone: str | None = None,
        contact_email: str | None = None,
        payee_bank_code: str | None = None,
        payee_bank_name_kana: str | None = None,
        payee_branch_code: str | None = None,
        payee_branch_name_kana: str | None = None,
        payee_account_kind: str | None = None,
        payee_account_number: str | None = None,
        payee_account_holder_kana: str | None = None,
        investor: str | None = None,
        investor_class: m.Class | str | None = None,
        broker_customer_id: str | None = None,
        name_kana: str | None = None,
        name_romaji: str | None = None,
        effective: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Investor:
        """Registers a customer of the broker that asks, by the rules of the investor table. Whether it may hold
        is decided by verification and screening afterwards. 投資家登録

        Args:
            kind: 個人・法人の別
            name: 投資家名称 (T7.3)
            registered_address: 登記住所 (T7.4)
            corporate_number: With its check digit; none for an individual. 法人番号 (T7.2)
            contact_addressee: 宛名 (T7.9)
            contact_postal_code: 郵便番号
            contact_address: 連絡先住所
            contact_phone: 電話番号
            contact_email: メールアドレス
            payee_bank_code: 金融機関コード
            payee_bank_name_kana: 金融機関名カナ
            payee_branch_code: 支店コード
            payee_branch_name_kana: 支店名カナ
            payee_account_kind: 預金種目
            payee_account_number: 口座番号
            payee_account_holder_kana: 口座名義カナ
            investor: The id it is to have; by default one is given. 投資家ID (T7.1)
            investor_class: Class that products permit. 投資家区分
            broker_customer_id: The broker's own number. 保護預り先内管理ID (T7.7)
            name_kana: How its bearer reads the name. 氏名カナ
            name_romaji: Name in Latin letters. 氏名ローマ字
            effective: The day name and address hold from; by default today. 効力発生日
        """
        answer: m.Investor = self._core.call(
            "investors.register",
            body={
                "corporate_number": corporate_number,
                "contact_addressee": contact_addressee,
                "contact_postal_code": contact_postal_code,
                "contact_address": contact_address,
                "contact_phone": contact_phone,
                "contact_email": contact_email,
                "payee_bank_code": payee_bank_code,
                "payee_bank_name_kana": payee_bank_name_kana,
                "payee_branch_code": payee_branch_code,
                "payee_branch_name_kana": payee_branch_name_kana,
                "payee_account_kind": payee_account_kind,
                "payee_account_number": payee_account_number,
                "payee_account_holder_kana": payee_account_holder_kana,
                "investor": investor,
                "kind": kind,
                "investor_class": investor_class,
                "broker_customer_id": broker_customer_id,
                "name": name,
                "name_kana": name_kana,
                "name_romaji": name_romaji,
                "registered_address": registered_address,
                "effective": effective,
            },
            key=idempotency_key,
        )
        return answer

    def register_dry_run(
        self,
        *,
        kind: Literal["individual", "corporation"],
        name: str,
        registered_address: str,
        corporate_number: str | None = None,
        contact_addressee: str | None = None,
        contact_postal_code: str | None = None,
        contact_address: str | None = None,
        contact_phone: str | None = None,
        contact_email: str | None = None,
        payee_bank_code: str | None = None,
        payee_bank_name_kana: str | None = None,
        payee_branch_code: str | None = None,
        payee_branch_name_kana: str | None = None,
        payee_account_kind: str | None = None,
        payee_account_number: str | None = None,
        payee_account_holder_kana: str | None = None,
        investor: str | None = None,
        investor_class: m.Class | str | None = None,
        broker_customer_id: str | None = None,
        name_kana: str | None = None,
        name_romaji: str | None = None,
        effective: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `register`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.register_dry_run",
            body={
                "corporate_number": corporate_number,
                "contact_addressee": contact_addressee,
                "contact_postal_code": contact_postal_code,
                "contact_address": contact_address,
                "contact_phone": contact_phone,
                "contact_email": contact_email,
                "payee_bank_code": payee_bank_code,
                "payee_bank_name_kana": payee_bank_name_kana,
                "payee_branch_code": payee_branch_code,
                "payee_branch_name_kana": payee_branch_name_kana,
                "payee_account_kind": payee_account_kind,
                "payee_account_number": payee_account_number,
                "payee_account_holder_kana": payee_account_holder_kana,
                "investor": investor,
                "kind": kind,
                "investor_class": investor_class,
                "broker_customer_id": broker_customer_id,
                "name": name,
                "name_kana": name_kana,
                "name_romaji": name_romaji,
                "registered_address": registered_address,
                "effective": effective,
            },
            key=idempotency_key,
        )
        return answer

    def change(
        self,
        investor: str,
        *,
        if_match: str | None = None,
        corporate_number: str | Empty | None = None,
        contact_addressee: str | Empty | None = None,
        contact_postal_code: str | Empty | None = None,
        contact_address: str | Empty | None = None,
        contact_phone: str | Empty | None = None,
        contact_email: str | Empty | None = None,
        payee_bank_code: str | Empty | None = None,
        payee_bank_name_kana: str | Empty | None = None,
        payee_branch_code: str | Empty | None = None,
        payee_branch_name_kana: str | Empty | None = None,
        payee_account_kind: str | Empty | None = None,
        payee_account_number: str | Empty | None = None,
        payee_account_holder_kana: str | Empty | None = None,
        broker_customer_id: str | Empty | None = None,
        name: str | Empty | None = None,
        name_kana: str | Empty | None = None,
        name_romaji: str | Empty | None = None,
        registered_address: str | Empty | None = None,
        effective: date | Empty | None = None,
        idempotency_key: str | None = None,
    ) -> m.Investor:
        """Changes what is known of a customer. Name and statutory address become a further version from a day
        on; nothing is edited. 投資家情報の変更

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            if_match: ETag of what was read. 版
            corporate_number: With its check digit; none for an individual. 法人番号 (T7.2)
            contact_addressee: 宛名 (T7.9)
            contact_postal_code: 郵便番号
            contact_address: 連絡先住所
            contact_phone: 電話番号
            contact_email: メールアドレス
            payee_bank_code: 金融機関コード
            payee_bank_name_kana: 金融機関名カナ
            payee_branch_code: 支店コード
            payee_branch_name_kana: 支店名カナ
            payee_account_kind: 預金種目
            payee_account_number: 口座番号
            payee_account_holder_kana: 口座名義カナ
            broker_customer_id: 保護預り先内管理ID (T7.7)
            name: 投資家名称 (T7.3)
            name_kana: 氏名カナ
            name_romaji: 氏名ローマ字
            registered_address: 登記住所 (T7.4)
            effective: The day a new name or address holds from; by default today. 効力発生日
        """
        answer: m.Investor = self._core.call(
            "investors.change",
            path={"investor": investor},
            headers={"if-match": if_match},
            body={
                "corporate_number": corporate_number,
                "contact_addressee": contact_addressee,
                "contact_postal_code": contact_postal_code,
                "contact_address": contact_address,
                "contact_phone": contact_phone,
                "contact_email": contact_email,
                "payee_bank_code": payee_bank_code,
                "payee_bank_name_kana": payee_bank_name_kana,
                "payee_branch_code": payee_branch_code,
                "payee_branch_name_kana": payee_branch_name_kana,
                "payee_account_kind": payee_account_kind,
                "payee_account_number": payee_account_number,
                "payee_account_holder_kana": payee_account_holder_kana,
                "broker_customer_id": broker_customer_id,
                "name": name,
                "name_kana": name_kana,
                "name_romaji": name_romaji,
                "registered_address": registered_address,
                "effective": effective,
            },
            key=idempotency_key,
        )
        return answer

    def change_dry_run(
        self,
        investor: str,
        *,
        if_match: str | None = None,
        corporate_number: str | Empty | None = None,
        contact_addressee: str | Empty | None = None,
        contact_postal_code: str | Empty | None = None,
        contact_address: str | Empty | None = None,
        contact_phone: str | Empty | None = None,
        contact_email: str | Empty | None = None,
        payee_bank_code: str | Empty | None = None,
        payee_bank_name_kana: str | Empty | None = None,
        payee_branch_code: str | Empty | None = None,
        payee_branch_name_kana: str | Empty | None = None,
        payee_account_kind: str | Empty | None = None,
        payee_account_number: str | Empty | None = None,
        payee_account_holder_kana: str | Empty | None = None,
        broker_customer_id: str | Empty | None = None,
        name: str | Empty | None = None,
        name_kana: str | Empty | None = None,
        name_romaji: str | Empty | None = None,
        registered_address: str | Empty | None = None,
        effective: date | Empty | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `change`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.change_dry_run",
            path={"investor": investor},
            headers={"if-match": if_match},
            body={
                "corporate_number": corporate_number,
                "contact_addressee": contact_addressee,
                "contact_postal_code": contact_postal_code,
                "contact_address": contact_address,
                "contact_phone": contact_phone,
                "contact_email": contact_email,
                "payee_bank_code": payee_bank_code,
                "payee_bank_name_kana": payee_bank_name_kana,
                "payee_branch_code": payee_branch_code,
                "payee_branch_name_kana": payee_branch_name_kana,
                "payee_account_kind": payee_account_kind,
                "payee_account_number": payee_account_number,
                "payee_account_holder_kana": payee_account_holder_kana,
                "broker_customer_id": broker_customer_id,
                "name": name,
                "name_kana": name_kana,
                "name_romaji": name_romaji,
                "registered_address": registered_address,
                "effective": effective,
            },
            key=idempotency_key,
        )
        return answer

    def wallets(self, investor: str, *, product: str | None = None) -> m.InvestorWallets:
        """The addresses of an investor in every product, or in one, as far as they are seen. アドレス一覧

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            product: 受益権ID
        """
        answer: m.InvestorWallets = self._core.call(
            "investors.wallets", path={"investor": investor}, query={"product": product}
        )
        return answer

    def register_wallet(
        self,
        investor: str,
        *,
        product: str,
        address: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.NewWalletAnswer:
        """Gives a customer an address in a product: a fresh one below the tree of whoever keeps its keys, or
        one whose holder proves it by a signature over the challenge that is answered. It speaks once the
        customer is verified. アドレスの登録

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            product: 受益権ID
            address: One that its holder proves; by default one below the keeper's tree. アドレス
        """
        answer: m.NewWalletAnswer = self._core.call(
            "investors.register_wallet",
            path={"investor": investor},
            body={"product": product, "address": address},
            key=idempotency_key,
        )
        return answer

    def register_wallet_dry_run(
        self,
        investor: str,
        *,
        product: str,
        address: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `register_wallet`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.register_wallet_dry_run",
            path={"investor": investor},
            body={"product": product, "address": address},
            key=idempotency_key,
        )
        return answer

    def prove_wallet(
        self,
        investor: str,
        *,
        challenge: str,
        form: m.ProofForm | str,
        signature: str,
        idempotency_key: str | None = None,
    ) -> m.NewWalletAnswer:
        """Proves that the key of an address is at hand. 保有証明の提出

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            challenge: チャレンジ
            form: How it was signed. 署名の方式
            signature: 65 bytes r, s, v. 署名
        """
        answer: m.NewWalletAnswer = self._core.call(
            "investors.prove_wallet",
            path={"investor": investor},
            body={"challenge": challenge, "form": form, "signature": signature},
            key=idempotency_key,
        )
        return answer

    def prove_wallet_dry_run(
        self,
        investor: str,
        *,
        challenge: str,
        form: m.ProofForm | str,
        signature: str,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `prove_wallet`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.prove_wallet_dry_run",
            path={"investor": investor},
            body={"challenge": challenge, "form": form, "signature": signature},
            key=idempotency_key,
        )
        return answer

    def start_kyc(
        self, investor: str, *, method: str | None = None, idempotency_key: str | None = None
    ) -> m.KycSessionStarted:
        """Has the KYC provider check a customer: the customer goes to the answered address, and nothing about
        the customer is sent there. What it finds is told by an event. The same request once more is the same
        check. 本人確認の開始

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            method: As the provider calls it. 本人確認の方法
        """
        answer: m.KycSessionStarted = self._core.call(
            "investors.start_kyc",
            path={"investor": investor},
            body={"method": method},
            key=idempotency_key,
        )
        return answer

    def start_kyc_dry_run(
        self, investor: str, *, method: str | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `start_kyc`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.start_kyc_dry_run",
            path={"investor": investor},
            body={"method": method},
            key=idempotency_key,
        )
        return answer

    def introduce(
        self, investor: str, *, institution: str, consent: bool, idempotency_key: str | None = None
    ) -> m.Introduction:
        """Records which intermediary introduced a customer, and whether it may see what its client holds; in
        place of what was recorded before. 媒介の登録

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            institution: The intermediary. 媒介者
            consent: Whether the customer lets it see what it holds. 保有情報の閲覧への同意
        """
        answer: m.Introduction = self._core.call(
            "investors.introduce",
            path={"investor": investor},
            body={"institution": institution, "consent": consent},
            key=idempotency_key,
        )
        return answer

    def introduce_dry_run(
        self, investor: str, *, institution: str, consent: bool, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `introduce`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "investors.introduce_dry_run",
            path={"investor": investor},
            body={"institution": institution, "consent": consent},
            key=idempotency_key,
        )
        return answer

    def names(
        self, *, investors: Sequence[str], purpose: m.Purpose | str, on: date | None = None
    ) -> m.Names:
        """Names and statutory addresses, of all of these investors or of none. A reading of personal data: who
        asks, what for and of whom is recorded; an issuer needs a disclosure that holds. It is a POST so that no
        id of a person stands in an address, it changes nothing, and it needs no Idempotency-Key: every reading
        is one. 氏名・住所の閲覧

        Args:
            investors: 投資家ID
            purpose: 閲覧目的
            on: The day on which the names held; by default today in Japan. 基準日
        """
        answer: m.Names = self._core.call(
            "investors.names", body={"investors": investors, "purpose": purpose, "on": on}
        )
        return answer


class ProductsCalls:
    """Products (銘柄): their terms and where they stand."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Product, m.ProductPage]:
        """Every product that the institution takes part in, by id. 銘柄一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(self._core, "products.list", path={}, query={"limit": limit, "cursor": cursor})

    def get(self, product: str) -> m.Product:
        """One product, with its version as ETag. 銘柄

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Product = self._core.call("products.get", path={"product": product})
        return answer

    def draft(
        self,
        *,
        terms: Mapping[str, str | int | Sequence[str] | None],
        idempotency_key: str | None = None,
    ) -> m.Product:
        """Registers the terms of a product of one of the registrar's trust contracts, in draft: other terms
        take their place while there is no token. The token is created from the very same terms by the people
        who hold the keys of its duties (`genbo product create`, or the deployment scripts). 銘柄の起案

        Args:
            terms: The fields of a product file, as in examples/shibuya-jinnan/product.yaml: docs/tables.md, T3.
                商品条件
        """
        answer: m.Product = self._core.call(
            "products.draft", body={"terms": terms}, key=idempotency_key
        )
        return answer

    def draft_dry_run(
        self,
        *,
        terms: Mapping[str, str | int | Sequence[str] | None],
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `draft`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "products.draft_dry_run", body={"terms": terms}, key=idempotency_key
        )
        return answer


class PositionsCalls:
    """Positions (残高): how many units stand at which address, as of any instant."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        product: str,
        *,
        as_of: date | datetime | int | str | None = None,
        investor: str | None = None,
        holding: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Position, m.PositionPage]:
        """What stands at the addresses of a product, as far as it is seen: for the registrar and the issuers at
        all of them, for others at those of their customers. 残高一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            investor: Only of this investor. 投資家ID
            holding: Only addresses that hold units. 保有中のみ
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "positions.list",
            path={"product": product},
            query={
                "as_of": None if as_of is None else _as_of(as_of),
                "investor": investor,
                "holding": holding,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def get(
        self, product: str, address: str, *, as_of: date | datetime | int | str | None = None
    ) -> m.PositionAt:
        """What stands at one address. 残高

        Args:
            product: Id of the product. 受益権ID (T3.1)
            address: Address, in any case of its letters. アドレス
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
        """
        answer: m.PositionAt = self._core.call(
            "positions.get",
            path={"product": product, "address": address},
            query={"as_of": None if as_of is None else _as_of(as_of)},
        )
        return answer

    def changes(
        self, product: str, address: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Position, m.PositionPage]:
        """Everything that ever happened to one address, first to last. 残高の異動履歴

        Args:
            product: Id of the product. 受益権ID (T3.1)
            address: Address, in any case of its letters. アドレス
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "positions.changes",
            path={"product": product, "address": address},
            query={"limit": limit, "cursor": cursor},
        )

    def of_investor(
        self,
        investor: str,
        *,
        as_of: date | datetime | int | str | None = None,
        product: str | None = None,
    ) -> m.PositionsAt:
        """What one investor holds, in every product or in one. 投資家別残高

        Args:
            investor: Id of the investor. 投資家ID (T1.1)
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            product: Only of this product. 受益権ID
        """
        answer: m.PositionsAt = self._core.call(
            "positions.of_investor",
            path={"investor": investor},
            query={"as_of": None if as_of is None else _as_of(as_of), "product": product},
        )
        return answer

    def totals(
        self, product: str, *, as_of: date | datetime | int | str | None = None
    ) -> m.TotalsAt:
        """Total issued, and how many hold it. 発行総数・保有者数

        Args:
            product: Id of the product. 受益権ID (T3.1)
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
        """
        answer: m.TotalsAt = self._core.call(
            "positions.totals",
            path={"product": product},
            query={"as_of": None if as_of is None else _as_of(as_of)},
        )
        return answer


class LotsCalls:
    """Lots (ロット): units by the day they were acquired, and where they came from."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        product: str,
        *,
        as_of: date | datetime | int | str | None = None,
        investor: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Lot, m.LotPage]:
        """The lots of a product, as far as they are seen. ロット一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            investor: Only of this investor. 投資家ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "lots.list",
            path={"product": product},
            query={
                "as_of": None if as_of is None else _as_of(as_of),
                "investor": investor,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def provenance(self, product: str, lot: str) -> m.ProvenanceAt:
        """Through which lots the units of this one came, back to the issue. 由来

        Args:
            product: Id of the product. 受益権ID (T3.1)
            lot: Id of the lot: the log that made it and its number. ロットID (T1.1)
        """
        answer: m.ProvenanceAt = self._core.call(
            "lots.provenance", path={"product": product, "lot": lot}
        )
        return answer


class RegisterCalls:
    """The register (原簿): lot by lot, and with a purpose with names."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        product: str,
        *,
        as_of: date | datetime | int | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Entry, m.Extract]:
        """The register lot by lot, holders by their ids: the whole of it for the registrar and the issuers, and
        one's own customers for others. 原簿

        Args:
            product: Id of the product. 受益権ID (T3.1)
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "register.list",
            path={"product": product},
            query={
                "as_of": None if as_of is None else _as_of(as_of),
                "limit": limit,
                "cursor": cursor,
            },
        )

    def list_with_names(
        self,
        product: str,
        *,
        purpose: m.Purpose | str,
        as_of: date | datetime | int | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Entry, m.Extract]:
        """The same with the names and statutory addresses of its day. A reading of personal data: it is
        recorded with its purpose, and an issuer needs a disclosure that holds. It needs no Idempotency-Key.
        氏名入り原簿

        Args:
            product: Id of the product. 受益権ID (T3.1)
            purpose: 閲覧目的
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            limit: 件数
        """
        return Pages(
            self._core,
            "register.list_with_names",
            path={"product": product},
            body={
                "purpose": purpose,
                "as_of": None if as_of is None else _as_of(as_of),
                "limit": limit,
                "cursor": cursor,
            },
        )

    def digests(self, *, first: int, last: int) -> m.Digests:
        """Commitments to what happened in the blocks `first` to `last`, for the platform manager.
        検証用ハッシュ

        Args:
            first: ブロック番号
            last: ブロック番号
        """
        answer: m.Digests = self._core.call(
            "register.digests", query={"first": first, "last": last}
        )
        return answer


class DisclosuresCalls:
    """Disclosures (投資家情報の開示): which issuer may read who holds a product, and until when."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Disclosure, m.DisclosurePage]:
        """The registrar's disclosures; for an issuer those to it that were approved. 開示一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core, "disclosures.list", path={}, query={"limit": limit, "cursor": cursor}
        )

    def propose(
        self,
        product: str,
        *,
        to: str,
        purpose: str,
        basis: str,
        valid_until: datetime,
        valid_from: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> m.Disclosure:
        """Proposes that an issuer may read the names of a product's holders. 開示の起案

        Args:
            product: Id of the product. 受益権ID (T3.1)
            to: An issuer of the product. 開示先
            purpose: What the names are for, without personal data. 目的
            basis: SHA-256 of the document that allows it. 根拠書類
            valid_until: First instant it no longer holds. 終了
            valid_from: Its first instant; by default now. 開始
        """
        answer: m.Disclosure = self._core.call(
            "disclosures.propose",
            path={"product": product},
            body={
                "to": to,
                "purpose": purpose,
                "basis": basis,
                "valid_from": valid_from,
                "valid_until": valid_until,
            },
            key=idempotency_key,
        )
        return answer

    def propose_dry_run(
        self,
        product: str,
        *,
        to: str,
        purpose: str,
        basis: str,
        valid_until: datetime,
        valid_from: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `propose`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "disclosures.propose_dry_run",
            path={"product": product},
            body={
                "to": to,
                "purpose": purpose,
                "basis": basis,
                "valid_from": valid_from,
                "valid_until": valid_until,
            },
            key=idempotency_key,
        )
        return answer

    def approve(self, disclosure: str, *, idempotency_key: str | None = None) -> m.Disclosure:
        """Puts a disclosure in force, by another credential than the one that proposed it. 開示の承認

        Args:
            disclosure: Id of the disclosure. 開示ID
        """
        answer: m.Disclosure = self._core.call(
            "disclosures.approve", path={"disclosure": disclosure}, key=idempotency_key
        )
        return answer

    def approve_dry_run(self, disclosure: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `approve`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "disclosures.approve_dry_run", path={"disclosure": disclosure}, key=idempotency_key
        )
        return answer

    def end(self, disclosure: str, *, idempotency_key: str | None = None) -> m.Disclosure:
        """Ends a disclosure at once, or withdraws one that is proposed. 開示の終了

        Args:
            disclosure: Id of the disclosure. 開示ID
        """
        answer: m.Disclosure = self._core.call(
            "disclosures.end", path={"disclosure": disclosure}, key=idempotency_key
        )
        return answer

    def end_dry_run(self, disclosure: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `end`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "disclosures.end_dry_run", path={"disclosure": disclosure}, key=idempotency_key
        )
        return answer


class DocumentsCalls:
    """Register documents (原簿の帳票): the register as a file, certificates, listings, and their proof."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(
        self,
        product: str,
        *,
        requester: str,
        reason: str,
        form: m.Form | str | None = None,
        language: m.Language | str | None = None,
        as_of: date | datetime | int | str | None = None,
        extent: m.Extent | str | None = None,
        purpose: m.Purpose | str | None = None,
    ) -> bytes:
        """The statutory register lot by lot as a file, as of any instant: the same request gives the same
        bytes. Giving it out is recorded with requester and reason; where names are in it, their reading is
        recorded with its purpose. It changes nothing and needs no Idempotency-Key: every time is one more
        inspection. 原簿の出力

        Args:
            product: Id of the product. 受益権ID (T3.1)
            requester: Id of an institution, an investor or a document; never a name. 請求者
            reason: One line, without personal data. 閲覧の理由
            form: The file. 形式
            language: Of the document. 帳票の言語
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            extent: How much; by default `full` for the registrar, `reduced` for an issuer, `own_customers` for
                others. 記載範囲
            purpose: What names are opened for, where they are in it. 閲覧目的
        """
        answer: bytes = self._core.call(
            "documents.register",
            path={"product": product},
            body={
                "form": form,
                "language": language,
                "as_of": None if as_of is None else _as_of(as_of),
                "requester": requester,
                "reason": reason,
                "extent": extent,
                "purpose": purpose,
            },
        )
        return answer

    def certificate(
        self,
        product: str,
        *,
        requester: str,
        reason: str,
        investor: str,
        form: m.Form | str | None = None,
        language: m.Language | str | None = None,
        as_of: date | datetime | int | str | None = None,
    ) -> bytes:
        """A certificate of one holder's entries, by the registrar: nobody else's name is opened for it.
        Recorded as a register is. 記載事項証明書

        Args:
            product: Id of the product. 受益権ID (T3.1)
            requester: Id of an institution, an investor or a document; never a name. 請求者
            reason: One line, without personal data. 閲覧の理由
            investor: 投資家ID
            form: The file. 形式
            language: Of the document. 帳票の言語
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
        """
        answer: bytes = self._core.call(
            "documents.certificate",
            path={"product": product},
            body={
                "form": form,
                "language": language,
                "as_of": None if as_of is None else _as_of(as_of),
                "requester": requester,
                "reason": reason,
                "investor": investor,
            },
        )
        return answer

    def holdings(
        self,
        product: str,
        *,
        form: m.Form | str | None = None,
        language: m.Language | str | None = None,
        as_of: date | datetime | int | str | None = None,
        investor: str | None = None,
    ) -> bytes:
        """Units per investor and total issued, as far as they are seen, as a file that names nobody.
        投資家別残高一覧の出力

        Args:
            product: Id of the product. 受益権ID (T3.1)
            form: `json`, `csv`, `xlsx` or `pdf`. 形式
            language: Of the document, `ja` by default. 帳票の言語
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            investor: Only of this investor. 投資家ID
        """
        answer: bytes = self._core.call(
            "documents.holdings",
            path={"product": product},
            query={
                "form": form,
                "language": language,
                "as_of": None if as_of is None else _as_of(as_of),
                "investor": investor,
            },
        )
        return answer

    def changes(
        self,
        product: str,
        *,
        since: date | datetime | str,
        form: m.Form | str | None = None,
        language: m.Language | str | None = None,
        as_of: date | datetime | int | str | None = None,
    ) -> bytes:
        """What changed between two instants, both sides before and after each entry, as a file that names
        nobody. 異動一覧の出力

        Args:
            product: Id of the product. 受益権ID (T3.1)
            since: What happened after this instant: `2022-01-31` is the end of that day in Japan. 始期
            form: `json`, `csv`, `xlsx` or `pdf`. 形式
            language: Of the document, `ja` by default. 帳票の言語
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
        """
        answer: bytes = self._core.call(
            "documents.changes",
            path={"product": product},
            query={
                "since": _as_of(since),
                "form": form,
                "language": language,
                "as_of": None if as_of is None else _as_of(as_of),
            },
        )
        return answer

    def provenance(
        self,
        product: str,
        *,
        form: m.Form | str | None = None,
        as_of: date | datetime | int | str | None = None,
        lot: str | None = None,
        investor: str | None = None,
    ) -> bytes:
        """How every unit came to where it is, from the issue on, as a file for an auditor: it names nobody.
        所有者の来歴の 出力

        Args:
            product: Id of the product. 受益権ID (T3.1)
            form: `json` or `csv`. 形式
            as_of: a day (its end in Japan), an instant, or the number of a block; by default now. 基準時点
            lot: Only this lot, as in `120.3.0`. ロット
            investor: Only of this investor. 投資家ID
        """
        answer: bytes = self._core.call(
            "documents.provenance",
            path={"product": product},
            query={
                "form": form,
                "as_of": None if as_of is None else _as_of(as_of),
                "lot": lot,
                "investor": investor,
            },
        )
        return answer

    def verify(self, *, content: bytes) -> m.Proof:
        """Compares a printed register or certificate, whatever its form, with the register made anew, and looks
        for its anchor on the ledger. For the registrar of the product. It changes nothing and needs no
        Idempotency-Key; names that it opens to compare are recorded, and none is in the answer. 帳票の検証
        """
        answer: m.Proof = self._core.call(
            "documents.verify", content=content, media_type="application/octet-stream"
        )
        return answer


class RecordDatesCalls:
    """Record dates (権利確定日): deadlines, and who held."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, product: str, *, year: int | None = None) -> m.RecordDays:
        """The record dates of a year, as the terms set them and bank holidays move them, with their deadlines;
        those by notice that were fixed included. 権利確定日一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            year: By default this one, in Japan. 年
        """
        answer: m.RecordDays = self._core.call(
            "record_dates.list", path={"product": product}, query={"year": year}
        )
        return answer

    def get(self, product: str, day: date) -> m.RecordDay:
        """A record date that was fixed: holders and units, block, digest, root and deadlines. 権利確定日

        Args:
            product: Id of the product. 受益権ID (T3.1)
            day: The record date, as adjusted. 権利確定日
        """
        answer: m.RecordDay = self._core.call(
            "record_dates.get", path={"product": product, "day": day}
        )
        return answer

    def entitlements(
        self, product: str, day: date, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Entitled, m.EntitledPage]:
        """Who held at a record date that was fixed, as far as it is seen: a registrar and an issuer see
        everybody by id, others their own customers. 権利者一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            day: The record date, as adjusted. 権利確定日
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "record_dates.entitlements",
            path={"product": product, "day": day},
            query={"limit": limit, "cursor": cursor},
        )

    def fix(
        self,
        product: str,
        day: date,
        *,
        noticed_on: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.RecordDay:
        """Fixes who held at the end of that day in Japan, once and for good. Done again, it tells what was
        fixed. Its root goes to the ledger by whoever keeps the anchoring key. 権利者の確定

        Args:
            product: Id of the product. 受益権ID (T3.1)
            day: The record date, as adjusted. 権利確定日
            noticed_on: Day of the public notice, for a date the deed does not set. 公告日
        """
        answer: m.RecordDay = self._core.call(
            "record_dates.fix",
            path={"product": product, "day": day},
            body={"noticed_on": noticed_on},
            key=idempotency_key,
        )
        return answer

    def fix_dry_run(
        self,
        product: str,
        day: date,
        *,
        noticed_on: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `fix`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "record_dates.fix_dry_run",
            path={"product": product, "day": day},
            body={"noticed_on": noticed_on},
            key=idempotency_key,
        )
        return answer


class DistributionsCalls:
    """Distributions (分配): declared by one, approved by another, line by line."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, product: str) -> m.Distributions:
        """The distributions and coupons of a product, drafts and rejected ones among them. 分配一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Distributions = self._core.call("distributions.list", path={"product": product})
        return answer

    def declare(
        self,
        product: str,
        *,
        distribution: str,
        record_day: date,
        why: str,
        maker: m.Signer | None = None,
        income: str | None = None,
        capital: str | None = None,
        points: str | None = None,
        payment_day: date | None = None,
        corrects: str | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.Distribution:
        """Drafts a distribution or coupon: every payee's amount and taxes to the yen. Its maker signs the sums
        and the root of the lines; nothing is paid before somebody else approves it. 分配の起案・訂正

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Its id, used once. 分配ID
            record_day: A record date that was fixed. 権利確定日
            why: Decision it rests on, no personal data. 根拠
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            income: Yen per unit before tax. 1口当たり分配金・利子
            capital: Yen per unit, untaxed. 1口当たり元本の払戻し
            points: Beside cash. 1口当たりポイント
            payment_day: By default the day that the terms set. 支払日
            corrects: The one that was wrong: it pays the differences. 訂正元
            evidence: 根拠書類
        """
        answer: m.Distribution = self._core.call(
            "distributions.declare",
            path={"product": product},
            body={
                "maker": maker,
                "distribution": distribution,
                "record_day": record_day,
                "income": income,
                "capital": capital,
                "points": points,
                "payment_day": payment_day,
                "corrects": corrects,
                "why": why,
                "evidence": evidence,
            },
            key=idempotency_key,
        )
        return answer

    def declare_dry_run(
        self,
        product: str,
        *,
        distribution: str,
        record_day: date,
        why: str,
        maker: m.Signer | None = None,
        income: str | None = None,
        capital: str | None = None,
        points: str | None = None,
        payment_day: date | None = None,
        corrects: str | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `declare`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "distributions.declare_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "distribution": distribution,
                "record_day": record_day,
                "income": income,
                "capital": capital,
                "points": points,
                "payment_day": payment_day,
                "corrects": corrects,
                "why": why,
                "evidence": evidence,
            },
            key=idempotency_key,
        )
        return answer

    def declare_prepare(
        self,
        product: str,
        *,
        distribution: str,
        record_day: date,
        why: str,
        maker: m.Signer | None = None,
        income: str | None = None,
        capital: str | None = None,
        points: str | None = None,
        payment_day: date | None = None,
        corrects: str | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `declare`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "distributions.declare_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "distribution": distribution,
                "record_day": record_day,
                "income": income,
                "capital": capital,
                "points": points,
                "payment_day": payment_day,
                "corrects": corrects,
                "why": why,
                "evidence": evidence,
            },
            key=idempotency_key,
        )
        return answer

    def get(self, product: str, distribution: str) -> m.Distribution:
        """One distribution with its sums and its state. 分配

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
        """
        answer: m.Distribution = self._core.call(
            "distributions.get", path={"product": product, "distribution": distribution}
        )
        return answer

    def lines(
        self,
        product: str,
        distribution: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Payee, m.PayeePage]:
        """What each holder is owed and how far its payment is, as far as it is seen: a registrar and an issuer
        see every line by id; others those of their own customers, once it was approved. 支払明細一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "distributions.lines",
            path={"product": product, "distribution": distribution},
            query={"limit": limit, "cursor": cursor},
        )

    def approve(
        self,
        product: str,
        distribution: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Distribution:
        """Approves a draft by the signature of somebody other than its maker, over the same order: its lines
        can be paid then. Its payee list goes to the ledger by whoever keeps the anchoring key. 分配の承認

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            account: Account of the signer. 署名者のアドレス
            signature: Over the command; wanted by `submit`. 署名
            safe_signature: Over the Safe's transaction; where the sender has no such key. 二名承認口座への署名
            safe_nonce: Number that it is over. 口座の番号
        """
        answer: m.Distribution = self._core.call(
            "distributions.approve",
            path={"product": product, "distribution": distribution},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def approve_dry_run(
        self,
        product: str,
        distribution: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `approve`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "distributions.approve_dry_run",
            path={"product": product, "distribution": distribution},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def approve_prepare(
        self,
        product: str,
        distribution: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `approve`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "distributions.approve_prepare",
            path={"product": product, "distribution": distribution},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def reject(
        self, product: str, distribution: str, *, idempotency_key: str | None = None
    ) -> m.Distribution:
        """Turns a draft down, or takes it back; its id is not used again. That moves no money, so no signature
        is asked for. 分配の却下・取下

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
        """
        answer: m.Distribution = self._core.call(
            "distributions.reject",
            path={"product": product, "distribution": distribution},
            key=idempotency_key,
        )
        return answer

    def reject_dry_run(
        self, product: str, distribution: str, *, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `reject`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "distributions.reject_dry_run",
            path={"product": product, "distribution": distribution},
            key=idempotency_key,
        )
        return answer


class PaymentsCalls:
    """Payments (支払): bank transfer files, what the bank said, what is owed, yearly statements."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def files(self, product: str, distribution: str) -> m.PaymentFiles:
        """The payment files that were made of a distribution. 振込ファイル一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
        """
        answer: m.PaymentFiles = self._core.call(
            "payments.files", path={"product": product, "distribution": distribution}
        )
        return answer

    def make_file(
        self,
        product: str,
        distribution: str,
        *,
        remitter: m.RemitterIn,
        crlf: bool | None = None,
        zeros: bool | None = None,
        transfer_day: date | None = None,
        put_aside: bool | None = None,
        idempotency_key: str | None = None,
    ) -> bytes:
        """Makes the bank transfer file (総合振込) of everything payable; its lines count as sent from then on.
        Personal data: accounts are opened for it, which is recorded with the purpose `payment`. The same
        request once more gives the same file. 振込ファイルの作成

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            remitter: 振込依頼人
            crlf: A line break behind each record. 改行
            zeros: Zeros in the unused clearing house number. 手形交換所番号
            transfer_day: By default the payment day. 振込指定日
            put_aside: Put lines aside that cannot be written. 留保
        """
        answer: bytes = self._core.call(
            "payments.make_file",
            path={"product": product, "distribution": distribution},
            body={
                "remitter": remitter,
                "crlf": crlf,
                "zeros": zeros,
                "transfer_day": transfer_day,
                "put_aside": put_aside,
            },
            key=idempotency_key,
        )
        return answer

    def make_file_dry_run(
        self,
        product: str,
        distribution: str,
        *,
        remitter: m.RemitterIn,
        crlf: bool | None = None,
        zeros: bool | None = None,
        transfer_day: date | None = None,
        put_aside: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `make_file`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "payments.make_file_dry_run",
            path={"product": product, "distribution": distribution},
            body={
                "remitter": remitter,
                "crlf": crlf,
                "zeros": zeros,
                "transfer_day": transfer_day,
                "put_aside": put_aside,
            },
            key=idempotency_key,
        )
        return answer

    def copy_file(
        self,
        product: str,
        distribution: str,
        file: int,
        *,
        remitter: m.RemitterIn,
        crlf: bool | None = None,
        zeros: bool | None = None,
    ) -> bytes:
        """The bytes of a file that was made before, for one that was lost: the same, or none. A reading of
        personal data as the first; it changes nothing, and needs no Idempotency-Key. 振込ファイルの再作成

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            file: Number of the payment file. 振込ファイル番号
            remitter: 振込依頼人
            crlf: A line break behind each record. 改行
            zeros: Zeros in the unused clearing house number. 手形交換所番号
        """
        answer: bytes = self._core.call(
            "payments.copy_file",
            path={"product": product, "distribution": distribution, "file": file},
            body={"remitter": remitter, "crlf": crlf, "zeros": zeros},
        )
        return answer

    def take_results(
        self,
        product: str,
        distribution: str,
        file: int,
        *,
        results: Sequence[m.BankResult],
        others_paid_on: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Taken:
        """Takes over what the bank said of a payment file, whole or not at all. What came back is owed and put
        aside. 結果の取込

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            file: Number of the payment file. 振込ファイル番号
            results: 結果
            others_paid_on: Every other payment of the file was paid on that day. 入金日
        """
        answer: m.Taken = self._core.call(
            "payments.take_results",
            path={"product": product, "distribution": distribution, "file": file},
            body={"results": results, "others_paid_on": others_paid_on},
            key=idempotency_key,
        )
        return answer

    def take_results_dry_run(
        self,
        product: str,
        distribution: str,
        file: int,
        *,
        results: Sequence[m.BankResult],
        others_paid_on: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `take_results`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "payments.take_results_dry_run",
            path={"product": product, "distribution": distribution, "file": file},
            body={"results": results, "others_paid_on": others_paid_on},
            key=idempotency_key,
        )
        return answer

    def hold(
        self,
        product: str,
        distribution: str,
        *,
        lines: Sequence[int],
        idempotency_key: str | None = None,
    ) -> m.LinesNamed:
        """Puts payable lines aside, for an order or a decision. They are owed and wait. 留保

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            lines: 明細番号
        """
        answer: m.LinesNamed = self._core.call(
            "payments.hold",
            path={"product": product, "distribution": distribution},
            body={"lines": lines},
            key=idempotency_key,
        )
        return answer

    def hold_dry_run(
        self,
        product: str,
        distribution: str,
        *,
        lines: Sequence[int],
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `hold`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "payments.hold_dry_run",
            path={"product": product, "distribution": distribution},
            body={"lines": lines},
            key=idempotency_key,
        )
        return answer

    def release(
        self,
        product: str,
        distribution: str,
        *,
        lines: Sequence[int],
        idempotency_key: str | None = None,
    ) -> m.LinesNamed:
        """Lets lines that were put aside be paid with the next file. Who is still blocked stays. 留保の解除

        Args:
            product: Id of the product. 受益権ID (T3.1)
            distribution: Id of the distribution. 分配ID
            lines: 明細番号
        """
        answer: m.LinesNamed = self._core.call(
            "payments.release",
            path={"product": product, "distribution": distribution},
            body={"lines": lines},
            key=idempotency_key,
        )
        return answer

    def release_dry_run(
        self,
        product: str,
        distribution: str,
        *,
        lines: Sequence[int],
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `release`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "payments.release_dry_run",
            path={"product": product, "distribution": distribution},
            body={"lines": lines},
            key=idempotency_key,
        )
        return answer

    def unpaid(
        self, product: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Unpaid, m.UnpaidPage]:
        """What is owed and not paid: payable, put aside, or sent without an answer. 未払一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "payments.unpaid",
            path={"product": product},
            query={"limit": limit, "cursor": cursor},
        )

    def statements(
        self, product: str, *, year: int, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.YearlyStatement, m.YearlyStatementPage]:
        """What each payee of a product was owed and had withheld in a calendar year, by id; names are asked for
        with their own purpose. 支払通知書

        Args:
            product: Id of the product. 受益権ID (T3.1)
            year: 暦年
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "payments.statements",
            path={"product": product},
            query={"year": year, "limit": limit, "cursor": cursor},
        )


class TradesCalls:
    """Trades (移転の履歴): what moved."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        product: str,
        *,
        since: date | datetime | str | None = None,
        until: date | datetime | str | None = None,
        ref: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Trade, m.TradePage]:
        """What moved between two instants, in ledger order, as far as it is seen. 移転一覧

        Args:
            product: Id of the product. 受益権ID (T3.1)
            since: From this instant on; a day means its end in Japan. 開始
            until: Before this instant, likewise. 終了
            ref: Only of this act. 取引ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "trades.list",
            path={"product": product},
            query={
                "since": None if since is None else _as_of(since),
                "until": None if until is None else _as_of(until),
                "ref": ref,
                "limit": limit,
                "cursor": cursor,
            },
        )


class TransfersCalls:
    """Transfers (移転): asked about, prepared for a signature, ordered, followed, taken back."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, product: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.OrderLine, m.OrderLinePage]:
        """Orders to transfer with a side that is a customer, for the registrar all of its products, the newest
        first. 移転の注文一覧

        Args:
            product: 受益権ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "transfers.list",
            path={},
            query={"product": product, "limit": limit, "cursor": cursor},
        )

    def order(
        self,
        *,
        product: str,
        trade: str,
        from_: str,
        to: str,
        units: int,
        delivery_date: date | None = None,
        lag: int | None = None,
        authorisation: m.AuthorisationIn | None = None,
        idempotency_key: str | None = None,
    ) -> m.TransferOrder:
        """Explains a transfer, prepares its signature, or orders it. An order that comes while the market is
        closed, or before its day, is carried out when its time has come. 移転

        Args:
            product: 受益権ID (T2.5)
            trade: 取引ID (T2.2): moves units once, however often it is sent
            from_: The giver: a customer of the asker. 異動元投資家ID
            to: The taker: an investor's id, or the address that speaks for another broker's customer in this
                product. 異動先投資家ID、またはアドレス
            units: Whole units. 数量 (T2.8)
            delivery_date: Where one was agreed on. 受渡日 (T2.9)
            lag: Otherwise business days after the trade date. 約定日からの営業日数
            authorisation: Where the giver's key is kept outside. 移転承認
        """
        answer: m.TransferOrder = self._core.call(
            "transfers.order",
            body={
                "product": product,
                "trade": trade,
                "from": from_,
                "to": to,
                "units": units,
                "delivery_date": delivery_date,
                "lag": lag,
                "authorisation": authorisation,
            },
            key=idempotency_key,
        )
        return answer

    def order_dry_run(
        self,
        *,
        product: str,
        trade: str,
        from_: str,
        to: str,
        units: int,
        delivery_date: date | None = None,
        lag: int | None = None,
        authorisation: m.AuthorisationIn | None = None,
        idempotency_key: str | None = None,
    ) -> m.Explained:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Explained = self._core.call(
            "transfers.order_dry_run",
            body={
                "product": product,
                "trade": trade,
                "from": from_,
                "to": to,
                "units": units,
                "delivery_date": delivery_date,
                "lag": lag,
                "authorisation": authorisation,
            },
            key=idempotency_key,
        )
        return answer

    def order_prepare(
        self,
        *,
        product: str,
        trade: str,
        from_: str,
        to: str,
        units: int,
        delivery_date: date | None = None,
        lag: int | None = None,
        authorisation: m.AuthorisationIn | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToSign:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToSign = self._core.call(
            "transfers.order_prepare",
            body={
                "product": product,
                "trade": trade,
                "from": from_,
                "to": to,
                "units": units,
                "delivery_date": delivery_date,
                "lag": lag,
                "authorisation": authorisation,
            },
            key=idempotency_key,
        )
        return answer

    def order_many(
        self,
        *,
        rows: Sequence[m.TransferIn],
        atomic: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.OrderedRows:
        """Orders many transfers, each under its own trade id as with `POST /v1/transfers`. Every row is told:
        those that were refused with their reason, the others with the state of their order. Sent again, what
        was accepted stays so, and what was refused is asked once more. 移転の一括依頼

        Args:
            rows: 移転の依頼
            atomic: Whether none is accepted where one is refused. 全件一括
        """
        answer: m.OrderedRows = self._core.call(
            "transfers.order_many", body={"rows": rows, "atomic": atomic}, key=idempotency_key
        )
        return answer

    def order_many_dry_run(
        self,
        *,
        rows: Sequence[m.TransferIn],
        atomic: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.OrderedRows:
        """As `order_many`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.OrderedRows = self._core.call(
            "transfers.order_many_dry_run",
            body={"rows": rows, "atomic": atomic},
            key=idempotency_key,
        )
        return answer

    def order_many_prepare(
        self,
        *,
        rows: Sequence[m.TransferIn],
        atomic: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.PreparedRows:
        """As `order_many`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.PreparedRows = self._core.call(
            "transfers.order_many_prepare",
            body={"rows": rows, "atomic": atomic},
            key=idempotency_key,
        )
        return answer

    def give_to_many(
        self,
        *,
        product: str,
        reference: str,
        from_: str,
        rows: Sequence[m.GivenRow],
        atomic: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.Ordered:
        """Moves one holder's units to many takers, hundreds in a transaction, as a job: for holders whose keys
        a custodian keeps here. Every row is judged first; the ledger has the last word, and a row that it
        refuses is listed with the job. It runs while the market is open, and does not wait. 一括移転

        Args:
            product: 受益権ID
            reference: Batches carry it on the ledger with the numbers of their rows. 取引ID
            from_: The giver. 異動元投資家ID
            rows: 移転先の一覧
            atomic: Whether none goes where one is refused beforehand. 全件一括
        """
        answer: m.Ordered = self._core.call(
            "transfers.give_to_many",
            body={
                "product": product,
                "reference": reference,
                "from": from_,
                "rows": rows,
                "atomic": atomic,
            },
            key=idempotency_key,
        )
        return answer

    def give_to_many_dry_run(
        self,
        *,
        product: str,
        reference: str,
        from_: str,
        rows: Sequence[m.GivenRow],
        atomic: bool | None = None,
        idempotency_key: str | None = None,
    ) -> m.Ordered:
        """As `give_to_many`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Ordered = self._core.call(
            "transfers.give_to_many_dry_run",
            body={
                "product": product,
                "reference": reference,
                "from": from_,
                "rows": rows,
                "atomic": atomic,
            },
            key=idempotency_key,
        )
        return answer

    def get(self, product: str, trade: str) -> m.TransferOrder:
        """An order of one's own customer, as it stands. 移転の注文の照会

        Args:
            product: Id of the product. 受益権ID (T3.1)
            trade: Id of the trade. 取引ID (T2.2)
        """
        answer: m.TransferOrder = self._core.call(
            "transfers.get", path={"product": product, "trade": trade}
        )
        return answer

    def withdraw(
        self,
        product: str,
        trade: str,
        *,
        cancel: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.TransferOrder:
        """Takes an order back before it is delivered; nothing moves. 移転の注文の取下

        Args:
            product: Id of the product. 受益権ID (T3.1)
            trade: Id of the trade. 取引ID (T2.2)
            cancel: Id of the trade that cancels it. 取消取引ID (T2.11)
        """
        answer: m.TransferOrder = self._core.call(
            "transfers.withdraw",
            path={"product": product, "trade": trade},
            body={"cancel": cancel},
            key=idempotency_key,
        )
        return answer

    def withdraw_dry_run(
        self,
        product: str,
        trade: str,
        *,
        cancel: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `withdraw`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "transfers.withdraw_dry_run",
            path={"product": product, "trade": trade},
            body={"cancel": cancel},
            key=idempotency_key,
        )
        return answer


class JobsCalls:
    """Jobs (一括処理): bulk acts, how far they are, and rows that cannot succeed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.Job, m.JobPage]:
        """Bulk acts on the registers that the institution keeps, or that its systems ordered, the newest first.
        一括処理一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(self._core, "jobs.list", path={}, query={"limit": limit, "cursor": cursor})

    def get(self, job: str) -> m.Job:
        """One bulk act. 一括処理

        Args:
            job: Id of the bulk act. 一括処理ID
        """
        answer: m.Job = self._core.call("jobs.get", path={"job": job})
        return answer

    def refused_rows(
        self, job: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.RefusedRow, m.RefusedRowPage]:
        """Rows that cannot succeed, with their reasons. 拒否行一覧

        Args:
            job: Id of the bulk act. 一括処理ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "jobs.refused_rows",
            path={"job": job},
            query={"limit": limit, "cursor": cursor},
        )

    def cancel(self, job: str, *, idempotency_key: str | None = None) -> m.Job:
        """Lets no further row of a job go out that the institution's systems ordered; what was sent stands.
        一括処理の中止

        Args:
            job: Id of the bulk act. 一括処理ID
        """
        answer: m.Job = self._core.call("jobs.cancel", path={"job": job}, key=idempotency_key)
        return answer

    def cancel_dry_run(self, job: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `cancel`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "jobs.cancel_dry_run", path={"job": job}, key=idempotency_key
        )
        return answer


class FilesCalls:
    """Files (取込ファイル): masters in bulk, checked and applied whole or not at all."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.File, m.FilePage]:
        """Files for masters that the institution's people or systems announced, the newest first.
        取込ファイル一覧

        Args:
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(self._core, "files.list", path={}, query={"limit": limit, "cursor": cursor})

    def get(self, file: str) -> m.File:
        """One file. 取込ファイル

        Args:
            file: Id of the file. 取込ファイルID
        """
        answer: m.File = self._core.call("files.get", path={"file": file})
        return answer

    def problems(
        self, file: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.FileProblem, m.FileProblemPage]:
        """What is wrong with its rows, by line: as many as are kept of a file. 取込エラー一覧

        Args:
            file: Id of the file. 取込ファイルID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "files.problems",
            path={"file": file},
            query={"limit": limit, "cursor": cursor},
        )

    def announce(
        self,
        *,
        target: m.ImportTarget | str,
        kind: m.ProcessingKind | str,
        size: int,
        sha256: str,
        timestamp: datetime,
        idempotency_key: str | None = None,
    ) -> m.Upload:
        """Announces a file; its parts come next. The same file is taken once (R-PROGMAT-T15.3).
        取込ファイルの予告

        Args:
            target: Which master. 取込対象 (T15.1)
            kind: 処理区分 (T15.4)
            size: Bytes. ファイルサイズ (T15.2)
            sha256: Of the whole. ファイルハッシュ
            timestamp: When the source made it, with its offset. タイムスタンプ (T15.3)
        """
        answer: m.Upload = self._core.call(
            "files.announce",
            body={
                "target": target,
                "kind": kind,
                "size": size,
                "sha256": sha256,
                "timestamp": timestamp,
            },
            key=idempotency_key,
        )
        return answer

    def announce_dry_run(
        self,
        *,
        target: m.ImportTarget | str,
        kind: m.ProcessingKind | str,
        size: int,
        sha256: str,
        timestamp: datetime,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `announce`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "files.announce_dry_run",
            body={
                "target": target,
                "kind": kind,
                "size": size,
                "sha256": sha256,
                "timestamp": timestamp,
            },
            key=idempotency_key,
        )
        return answer

    def parts(self, file: str) -> m.Upload:
        """A file of the firm: its status, which parts are there, and what became of its rows.
        取込ファイルの照会

        Args:
            file: Id of the file. 取込ファイルID
        """
        answer: m.Upload = self._core.call("files.parts", path={"file": file})
        return answer

    def send_part(
        self,
        file: str,
        part: int,
        *,
        content: bytes,
        x_part_sha256: str,
        idempotency_key: str | None = None,
    ) -> m.Upload:
        """Sends one part. Parts come in any order, and may be sent again: a part is named by its file, its
        number and its hash. After an interruption `GET` tells which are there. 分割の送信

        Args:
            file: Id of the file. 取込ファイルID
            part: From 1. 分割番号
            x_part_sha256: SHA-256 of this part's bytes. 分割ハッシュ
        """
        answer: m.Upload = self._core.call(
            "files.send_part",
            path={"file": file, "part": part},
            headers={"x-part-sha256": x_part_sha256},
            content=content,
            media_type="application/octet-stream",
            key=idempotency_key,
        )
        return answer

    def send_part_dry_run(
        self,
        file: str,
        part: int,
        *,
        content: bytes,
        x_part_sha256: str,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `send_part`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "files.send_part_dry_run",
            path={"file": file, "part": part},
            headers={"x-part-sha256": x_part_sha256},
            content=content,
            media_type="application/octet-stream",
            key=idempotency_key,
        )
        return answer

    def complete(self, file: str, *, idempotency_key: str | None = None) -> m.Upload:
        """Says that every part was sent. Where they are the file that was announced it is checked, every row
        and none applied; `GET` tells how far that is. 送信完了

        Args:
            file: Id of the file. 取込ファイルID
        """
        answer: m.Upload = self._core.call(
            "files.complete", path={"file": file}, key=idempotency_key
        )
        return answer

    def complete_dry_run(self, file: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `complete`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "files.complete_dry_run", path={"file": file}, key=idempotency_key
        )
        return answer

    def approve(self, file: str, *, idempotency_key: str | None = None) -> m.Upload:
        """Approves a checked file, by another credential than the one that announced it: a credential's word is
        that of one person. The file is applied then, whole or not at all. 取込ファイルの承認

        Args:
            file: Id of the file. 取込ファイルID
        """
        answer: m.Upload = self._core.call(
            "files.approve", path={"file": file}, key=idempotency_key
        )
        return answer

    def approve_dry_run(self, file: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `approve`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "files.approve_dry_run", path={"file": file}, key=idempotency_key
        )
        return answer


class CommandsCalls:
    """Commands (指図): what was ordered under a duty, who signed it, and what became of it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        product: str | None = None,
        state: m.CommandState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Command, m.CommandPage]:
        """The commands that the institution may see, the newest first. 指図一覧

        Args:
            product: Only those about the product. 受益権ID
            state: Only those in the state. 状態
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "commands.list",
            path={},
            query={"product": product, "state": state, "limit": limit, "cursor": cursor},
        )

    def get(self, command: str) -> m.Command:
        """One command as it stands. 指図

        Args:
            command: Id of the command. 指図ID
        """
        answer: m.Command = self._core.call("commands.get", path={"command": command})
        return answer

    def evidence(self, command: str) -> Mapping[str, Any]:
        """What was signed, by whom, and where it stands: anybody can verify it without asking us. 指図の証跡

        Args:
            command: Id of the command. 指図ID
        """
        answer: Mapping[str, Any] = self._core.call("commands.evidence", path={"command": command})
        return answer

    def approve(
        self,
        command: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Adds the signature of somebody other than the maker; with enough of them the command is queued. 承認

        Args:
            command: Id of the command. 指図ID
            account: Account of the signer. 署名者のアドレス
            signature: Over the command; wanted by `submit`. 署名
            safe_signature: Over the Safe's transaction; where the sender has no such key. 二名承認口座への署名
            safe_nonce: Number that it is over. 口座の番号
        """
        answer: m.Command = self._core.call(
            "commands.approve",
            path={"command": command},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def approve_dry_run(
        self,
        command: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `approve`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "commands.approve_dry_run",
            path={"command": command},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def approve_prepare(
        self,
        command: str,
        *,
        account: str,
        signature: str | None = None,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `approve`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "commands.approve_prepare",
            path={"command": command},
            body={
                "account": account,
                "signature": signature,
                "safe_signature": safe_signature,
                "safe_nonce": safe_nonce,
            },
            key=idempotency_key,
        )
        return answer

    def sign_for_safe(
        self,
        command: str,
        *,
        account: str,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Takes the signature, over the Safe's number of now, of somebody who has signed the command: wanted
        when another act of the Safe came first and the sender cannot reach the key. 二名承認口座への署名

        Args:
            command: Id of the command. 指図ID
            account: 署名者のアドレス
            safe_signature: Wanted by `submit`. 二名承認口座への署名
            safe_nonce: Number that it is over. 口座の番号
        """
        answer: m.Command = self._core.call(
            "commands.sign_for_safe",
            path={"command": command},
            body={"account": account, "safe_signature": safe_signature, "safe_nonce": safe_nonce},
            key=idempotency_key,
        )
        return answer

    def sign_for_safe_dry_run(
        self,
        command: str,
        *,
        account: str,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `sign_for_safe`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "commands.sign_for_safe_dry_run",
            path={"command": command},
            body={"account": account, "safe_signature": safe_signature, "safe_nonce": safe_nonce},
            key=idempotency_key,
        )
        return answer

    def sign_for_safe_prepare(
        self,
        command: str,
        *,
        account: str,
        safe_signature: str | None = None,
        safe_nonce: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `sign_for_safe`: what keys outside have to sign; then order it under the same key. Nothing is
        stored. 署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "commands.sign_for_safe_prepare",
            path={"command": command},
            body={"account": account, "safe_signature": safe_signature, "safe_nonce": safe_nonce},
            key=idempotency_key,
        )
        return answer

    def withdraw(self, command: str, *, idempotency_key: str | None = None) -> m.Command:
        """Takes a command back before it is queued, by a machine of the institution that ordered it: taking
        back moves and lifts nothing, so no signature is asked for. 取下

        Args:
            command: Id of the command. 指図ID
        """
        answer: m.Command = self._core.call(
            "commands.withdraw", path={"command": command}, key=idempotency_key
        )
        return answer

    def withdraw_dry_run(self, command: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `withdraw`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "commands.withdraw_dry_run", path={"command": command}, key=idempotency_key
        )
        return answer


class IssuesCalls:
    """Issue (発行・追加発行): units come into being."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def order(
        self,
        product: str,
        *,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        to: m.PartyBody | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Issues units; again, up to the authorised cap. 発行・追加発行

        Args:
            product: Id of the product. 受益権ID (T3.1)
            units: Whole units. 口数
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
            to: By default the initial beneficiary. 発行先
        """
        answer: m.Command = self._core.call(
            "issues.order",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "units": units,
                "to": to,
            },
            key=idempotency_key,
        )
        return answer

    def order_dry_run(
        self,
        product: str,
        *,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        to: m.PartyBody | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "issues.order_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "units": units,
                "to": to,
            },
            key=idempotency_key,
        )
        return answer

    def order_prepare(
        self,
        product: str,
        *,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        to: m.PartyBody | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "issues.order_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "units": units,
                "to": to,
            },
            key=idempotency_key,
        )
        return answer


class AllotmentsCalls:
    """Allotment (割当): issued units go to those they were allotted to."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def order(
        self,
        product: str,
        *,
        rows: Sequence[m.AllotmentRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command | m.JobOrdered:
        """Distributes to investors: up to a hundred all or none, more as a bulk act that its maker signs once.
        Rows that are wrong by the terms or by a verdict are listed in `problems`, each with its `line`, and
        nothing is ordered. 配分・配布

        Args:
            product: Id of the product. 受益権ID (T3.1)
            rows: Up to 100 are one act, whole or not at all; more are a bulk act. 配分明細
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: 取引ID
        """
        answer: m.Command | m.JobOrdered = self._core.call(
            "allotments.order",
            path={"product": product},
            body={"maker": maker, "ref": ref, "rows": rows},
            key=idempotency_key,
        )
        return answer

    def order_dry_run(
        self,
        product: str,
        *,
        rows: Sequence[m.AllotmentRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "allotments.order_dry_run",
            path={"product": product},
            body={"maker": maker, "ref": ref, "rows": rows},
            key=idempotency_key,
        )
        return answer

    def order_prepare(
        self,
        product: str,
        *,
        rows: Sequence[m.AllotmentRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned | m.JobToBeSigned:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned | m.JobToBeSigned = self._core.call(
            "allotments.order_prepare",
            path={"product": product},
            body={"maker": maker, "ref": ref, "rows": rows},
            key=idempotency_key,
        )
        return answer


class RedemptionsCalls:
    """Redemption (償還): units end."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def order(
        self,
        product: str,
        *,
        rows: Sequence[m.RedemptionRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Redeems units of up to 200 holders. 償還

        Args:
            product: Id of the product. 受益権ID (T3.1)
            rows: 償還明細
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
        """
        answer: m.Command = self._core.call(
            "redemptions.order",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "rows": rows,
            },
            key=idempotency_key,
        )
        return answer

    def order_dry_run(
        self,
        product: str,
        *,
        rows: Sequence[m.RedemptionRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "redemptions.order_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "rows": rows,
            },
            key=idempotency_key,
        )
        return answer

    def order_prepare(
        self,
        product: str,
        *,
        rows: Sequence[m.RedemptionRow],
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "redemptions.order_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "rows": rows,
            },
            key=idempotency_key,
        )
        return answer


class SplitsCalls:
    """Splits (分割): one unit becomes several."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def order(
        self,
        product: str,
        *,
        factor: int,
        epoch: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Splits every unit of the product. 分割

        Args:
            product: Id of the product. 受益権ID (T3.1)
            factor: One unit becomes so many. 分割比率
            epoch: How many splits there were when it was decided: it is refused when there were more meanwhile.
                これまでの分割回数
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
        """
        answer: m.Command = self._core.call(
            "splits.order",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "factor": factor,
                "epoch": epoch,
            },
            key=idempotency_key,
        )
        return answer

    def order_dry_run(
        self,
        product: str,
        *,
        factor: int,
        epoch: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "splits.order_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "factor": factor,
                "epoch": epoch,
            },
            key=idempotency_key,
        )
        return answer

    def order_prepare(
        self,
        product: str,
        *,
        factor: int,
        epoch: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "splits.order_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "factor": factor,
                "epoch": epoch,
            },
            key=idempotency_key,
        )
        return answer


class RestrictionsCalls:
    """Restrictions (制限): freezes, lock-ups, verdicts, and their release."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def order(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Restricts: freezes units or an address, locks up a holder or the product, narrows the permitted
        classes; by one RESTRICTOR. 移転の制限

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Command = self._core.call(
            "restrictions.order", path={"product": product}, body=body, key=idempotency_key
        )
        return answer

    def order_dry_run(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `order`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "restrictions.order_dry_run", path={"product": product}, body=body, key=idempotency_key
        )
        return answer

    def order_prepare(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `order`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "restrictions.order_prepare", path={"product": product}, body=body, key=idempotency_key
        )
        return answer

    def release(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Lifts a restriction, or a part of it; by two persons. 移転の制限の解除

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Command = self._core.call(
            "restrictions.release", path={"product": product}, body=body, key=idempotency_key
        )
        return answer

    def release_dry_run(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `release`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "restrictions.release_dry_run",
            path={"product": product},
            body=body,
            key=idempotency_key,
        )
        return answer

    def release_prepare(
        self,
        product: str,
        *,
        body: m.UnitsFreeze | m.AddressFreeze | m.LockUp | m.ProductLockUp | m.PermittedClasses,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `release`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "restrictions.release_prepare",
            path={"product": product},
            body=body,
            key=idempotency_key,
        )
        return answer

    def verdict(
        self,
        product: str,
        *,
        investor: str,
        maker: m.Signer | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Tells the ledger of an investor what the registry's verdicts and screenings say now. What that is is
        never given by hand; taking back "blocked" takes two persons. 適格性の記帳

        Args:
            product: Id of the product. 受益権ID (T3.1)
            investor: 投資家ID (T1.1)
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            evidence: Kept with the records; not on the ledger. 根拠書類
        """
        answer: m.Command = self._core.call(
            "restrictions.verdict",
            path={"product": product},
            body={"maker": maker, "evidence": evidence, "investor": investor},
            key=idempotency_key,
        )
        return answer

    def verdict_dry_run(
        self,
        product: str,
        *,
        investor: str,
        maker: m.Signer | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `verdict`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "restrictions.verdict_dry_run",
            path={"product": product},
            body={"maker": maker, "evidence": evidence, "investor": investor},
            key=idempotency_key,
        )
        return answer

    def verdict_prepare(
        self,
        product: str,
        *,
        investor: str,
        maker: m.Signer | None = None,
        evidence: m.Evidence | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `verdict`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "restrictions.verdict_prepare",
            path={"product": product},
            body={"maker": maker, "evidence": evidence, "investor": investor},
            key=idempotency_key,
        )
        return answer


class RepairsCalls:
    """Repairs (修復): forced transfer, reversal, redistribution, re-keying."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def force_transfer(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Moves units without their holder. 強制移転

        Args:
            product: Id of the product. 受益権ID (T3.1)
            source: Who gives. 移転元
            target: Who receives. 移転先
            units: Whole units. 口数
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
        """
        answer: m.Command = self._core.call(
            "repairs.force_transfer",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def force_transfer_dry_run(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `force_transfer`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "repairs.force_transfer_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def force_transfer_prepare(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `force_transfer`: what keys outside have to sign; then order it under the same key. Nothing is
        stored. 署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "repairs.force_transfer_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def reverse_transfer(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        original: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Takes a trade back: from its recipient to its sender, once. 逆移転

        Args:
            product: Id of the product. 受益権ID (T3.1)
            source: Who gives. 移転元
            target: Who receives. 移転先
            units: Whole units. 口数
            original: Reference of the trade. 元の取引ID
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
        """
        answer: m.Command = self._core.call(
            "repairs.reverse_transfer",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
                "original": original,
            },
            key=idempotency_key,
        )
        return answer

    def reverse_transfer_dry_run(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        original: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `reverse_transfer`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "repairs.reverse_transfer_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
                "original": original,
            },
            key=idempotency_key,
        )
        return answer

    def reverse_transfer_prepare(
        self,
        product: str,
        *,
        source: m.PartyBody,
        target: m.PartyBody,
        units: int,
        original: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `reverse_transfer`: what keys outside have to sign; then order it under the same key. Nothing is
        stored. 署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "repairs.reverse_transfer_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "source": source,
                "target": target,
                "units": units,
                "original": original,
            },
            key=idempotency_key,
        )
        return answer

    def redistribute(
        self,
        product: str,
        *,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        lost: m.PartyBody | None = None,
        burned: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Brings units back that an incident put out of reach, or destroyed; once per incident. 再配布

        Args:
            product: Id of the product. 受益権ID (T3.1)
            target: Who receives. 移転先
            units: Whole units. 口数
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
            lost: Where the units are that nobody can reach; or `burned`. 元の保有先
            burned: Reference of the redemption that destroyed them. 誤った償還の取引ID
        """
        answer: m.Command = self._core.call(
            "repairs.redistribute",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "lost": lost,
                "burned": burned,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def redistribute_dry_run(
        self,
        product: str,
        *,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        lost: m.PartyBody | None = None,
        burned: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `redistribute`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "repairs.redistribute_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "lost": lost,
                "burned": burned,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def redistribute_prepare(
        self,
        product: str,
        *,
        target: m.PartyBody,
        units: int,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        lost: m.PartyBody | None = None,
        burned: str | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `redistribute`: what keys outside have to sign; then order it under the same key. Nothing is
        stored. 署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "repairs.redistribute_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "lost": lost,
                "burned": burned,
                "target": target,
                "units": units,
            },
            key=idempotency_key,
        )
        return answer

    def rekey(
        self,
        product: str,
        *,
        investor: str,
        new: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Lets the investor's waiting key take the place of the one that speaks, with all its restrictions.
        鍵の更新

        Args:
            product: Id of the product. 受益権ID (T3.1)
            investor: 投資家ID (T1.1)
            new: The investor's waiting key. 新しいアドレス
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
            ref: Business reference, used once per product. 取引ID
            evidence: 根拠書類
            delivery_date: By default the day in Japan of its block. 受渡日
        """
        answer: m.Command = self._core.call(
            "repairs.rekey",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "investor": investor,
                "new": new,
            },
            key=idempotency_key,
        )
        return answer

    def rekey_dry_run(
        self,
        product: str,
        *,
        investor: str,
        new: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `rekey`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "repairs.rekey_dry_run",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "investor": investor,
                "new": new,
            },
            key=idempotency_key,
        )
        return answer

    def rekey_prepare(
        self,
        product: str,
        *,
        investor: str,
        new: str,
        maker: m.Signer | None = None,
        ref: str | None = None,
        evidence: m.Evidence | None = None,
        delivery_date: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `rekey`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "repairs.rekey_prepare",
            path={"product": product},
            body={
                "maker": maker,
                "ref": ref,
                "evidence": evidence,
                "delivery_date": delivery_date,
                "investor": investor,
                "new": new,
            },
            key=idempotency_key,
        )
        return answer


class MarketCalls:
    """The market (市場統制): open, closed, stopped."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self) -> m.Market:
        """The market as it is now. 市場の状態"""
        answer: m.Market = self._core.call("market.get")
        return answer

    def of_product(self, product: str) -> m.Trading:
        """Whether the product may be transferred now, what decides it, and its book closings.
        移転可否・帳簿閉鎖

        Args:
            product: Id of the product. 受益権ID (T3.1)
        """
        answer: m.Trading = self._core.call("market.of_product", path={"product": product})
        return answer

    def calendar(self, *, first: date, last: date) -> m.Calendar:
        """Which days are bank days, with the operator's overrides: 400 days at most. 営業日カレンダー

        Args:
            first: The first day. 開始日
            last: The last day. 終了日
        """
        answer: m.Calendar = self._core.call(
            "market.calendar", query={"first": first, "last": last}
        )
        return answer

    def stop(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Command:
        """Stops every product, by one STOPPER alone (R-JSTOA-6.1.1.11). 停止

        Args:
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
        """
        answer: m.Command = self._core.call(
            "market.stop", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def stop_dry_run(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `stop`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.stop_dry_run", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def stop_prepare(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.ToBeSigned:
        """As `stop`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "market.stop_prepare", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def resume(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Command:
        """Ends a stop, into market closed, by two others than who stopped. 停止の解除

        Args:
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
        """
        answer: m.Command = self._core.call(
            "market.resume", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def resume_dry_run(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `resume`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.resume_dry_run", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def resume_prepare(
        self, *, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.ToBeSigned:
        """As `resume`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "market.resume_prepare", body={"maker": maker}, key=idempotency_key
        )
        return answer

    def open(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Command:
        """Opens the market within its hours; the schedule opens it from then on. 開局

        Args:
            why: For the records, without personal data. 理由
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
        """
        answer: m.Command = self._core.call(
            "market.open", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def open_dry_run(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `open`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.open_dry_run", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def open_prepare(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.ToBeSigned:
        """As `open`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "market.open_prepare", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def close(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Command:
        """Closes the market until an operator opens it again. 閉局

        Args:
            why: For the records, without personal data. 理由
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
        """
        answer: m.Command = self._core.call(
            "market.close", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def close_dry_run(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `close`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.close_dry_run", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def close_prepare(
        self, *, why: str, maker: m.Signer | None = None, idempotency_key: str | None = None
    ) -> m.ToBeSigned:
        """As `close`: what keys outside have to sign; then order it under the same key. Nothing is stored.
        署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "market.close_prepare", body={"maker": maker, "why": why}, key=idempotency_key
        )
        return answer

    def switch_group(
        self,
        group: str,
        *,
        enabled: bool,
        maker: m.Signer | None = None,
        idempotency_key: str | None = None,
    ) -> m.Command:
        """Switches a group of products on or off, by two persons of a registrar that keeps one of them
        (R-PROGMAT-T4.2). 移転実行可否の切替

        Args:
            group: 移転実行可否制御ID (T4.1)
            enabled: 移転実行可否フラグ (T4.2)
            maker: Who orders it; `prepare` needs the account, `submit` the signature. 起案者
        """
        answer: m.Command = self._core.call(
            "market.switch_group",
            path={"group": group},
            body={"maker": maker, "enabled": enabled},
            key=idempotency_key,
        )
        return answer

    def switch_group_dry_run(
        self,
        group: str,
        *,
        enabled: bool,
        maker: m.Signer | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `switch_group`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.switch_group_dry_run",
            path={"group": group},
            body={"maker": maker, "enabled": enabled},
            key=idempotency_key,
        )
        return answer

    def switch_group_prepare(
        self,
        group: str,
        *,
        enabled: bool,
        maker: m.Signer | None = None,
        idempotency_key: str | None = None,
    ) -> m.ToBeSigned:
        """As `switch_group`: what keys outside have to sign; then order it under the same key. Nothing is
        stored. 署名準備
        """
        answer: m.ToBeSigned = self._core.call(
            "market.switch_group_prepare",
            path={"group": group},
            body={"maker": maker, "enabled": enabled},
            key=idempotency_key,
        )
        return answer

    def set_hours(
        self,
        *,
        sessions: Sequence[m.HoursOfDay],
        why: str,
        effective: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Hours:
        """Sets the hours of business days from a day on; the market opens and closes by them. 取引時間の設定

        Args:
            sessions: In their order; none: closed. 取引時間
            why: For the records, without personal data. 理由
            effective: The first day; by default today. 適用開始日
        """
        answer: m.Hours = self._core.call(
            "market.set_hours",
            body={"effective": effective, "sessions": sessions, "why": why},
            key=idempotency_key,
        )
        return answer

    def set_hours_dry_run(
        self,
        *,
        sessions: Sequence[m.HoursOfDay],
        why: str,
        effective: date | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `set_hours`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.set_hours_dry_run",
            body={"effective": effective, "sessions": sessions, "why": why},
            key=idempotency_key,
        )
        return answer

    def override_day(
        self, *, day: date, business_day: bool, why: str, idempotency_key: str | None = None
    ) -> m.Overridden:
        """Makes a day a bank holiday, or a business day, other than announced. 営業日の変更

        Args:
            day: 日付
            business_day: What it is to be. 銀行営業日
            why: For the records, without personal data. 理由
        """
        answer: m.Overridden = self._core.call(
            "market.override_day",
            body={"day": day, "business_day": business_day, "why": why},
            key=idempotency_key,
        )
        return answer

    def override_day_dry_run(
        self, *, day: date, business_day: bool, why: str, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `override_day`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.override_day_dry_run",
            body={"day": day, "business_day": business_day, "why": why},
            key=idempotency_key,
        )
        return answer

    def close_book(
        self,
        product: str,
        *,
        cause: m.ClosingCause | str,
        days: tuple[int, int] | None,
        why: str,
        idempotency_key: str | None = None,
    ) -> m.BookClosing:
        """Closes the book of a product around its record dates or its redemption. 名義書換停止期間の設定

        Args:
            product: Id of the product. 受益権ID (T3.1)
            cause: 事由
            days: First and last business day, counted from the day itself: `[-1, 0]` is the day and the one
                before; null: it is not closed. 停止期間
            why: For the records, without personal data. 理由
        """
        answer: m.BookClosing = self._core.call(
            "market.close_book",
            path={"product": product},
            body={"cause": cause, "days": days, "why": why},
            key=idempotency_key,
        )
        return answer

    def close_book_dry_run(
        self,
        product: str,
        *,
        cause: m.ClosingCause | str,
        days: tuple[int, int] | None,
        why: str,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `close_book`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "market.close_book_dry_run",
            path={"product": product},
            body={"cause": cause, "days": days, "why": why},
            key=idempotency_key,
        )
        return answer


class EventsCalls:
    """Events (通知): what happened, as pages and as a stream that goes on."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        after: str | None = None,
        product: str | None = None,
        type: Sequence[str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Event, m.EventPage]:
        """What the institution was told, in the order in which it was told. 通知一覧

        Args:
            after: Only what was told after the event with this id; `R1:0`, with the id of one's own
                institution, is the beginning. 通知ID
            product: Only of this product. 受益権ID
            type: Only these types, or families such as `register`; may be repeated. 種別
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "events.list",
            path={},
            query={
                "after": after,
                "product": product,
                "type": type,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def stream(
        self,
        *,
        product: str | None = None,
        type: Sequence[str] | None = None,
        after: str | None = None,
    ) -> Events[m.Event]:
        """What the institution is told, as it is told, gone on with after an interruption. 通知ストリーム

        Args:
            product: Only of this product. 受益権ID
            type: Only these types, or families such as `register`; may be repeated. 種別
        """
        return Events(
            self._core, "events.stream", query={"product": product, "type": type}, after=after
        )


class AuditCalls:
    """Audit (監査記録): what was done and read, and the days that are anchored on the ledger."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def entries(
        self, *, subject: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[m.AuditEntry, m.AuditEntryPage]:
        """What the institution's users and systems did, and for a registrar what was done about its products,
        in the order of the chain. A page looks through 50,000 entries at most: it may be empty, and others
        still follow. 監査記録一覧

        Args:
            subject: Only those about this id. 対象ID
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "audit.entries",
            path={},
            query={"subject": subject, "limit": limit, "cursor": cursor},
        )

    def day(self, day: date) -> m.AnchoredDay:
        """The root over the audit entries of a day, as it stands on the ledger. 監査記録の日次ハッシュ

        Args:
            day: A day in Japan that is over. 日付
        """
        answer: m.AnchoredDay = self._core.call("audit.day", path={"day": day})
        return answer


class ReasonsCalls:
    """Reasons (理由): every code, in both languages."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def table(self) -> m.Reasons:
        """Every reason code, its words in both languages, and the status that says it. 理由コード一覧"""
        answer: m.Reasons = self._core.call("reasons.table")
        return answer


class WebhooksCalls:
    """Webhooks (通知の送信先): where events are posted to."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self) -> tuple[m.Webhook, ...]:
        """The institution's webhooks, ten at most. 送信先一覧"""
        answer: tuple[m.Webhook, ...] = self._core.call("webhooks.list")
        return answer

    def register(
        self,
        *,
        url: str,
        types: Sequence[str] | None = None,
        products: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> m.WebhookWithSecret:
        """Registers an address; it is posted what is told from now on. The secret is shown once. 送信先登録

        Args:
            url: Address that events are posted to, https. 送信先アドレス
            types: Types or families of events; none: all. 種別
            products: Products; none: all, and what is about no product. 受益権ID
        """
        answer: m.WebhookWithSecret = self._core.call(
            "webhooks.register",
            body={"url": url, "types": types, "products": products},
            key=idempotency_key,
        )
        return answer

    def register_dry_run(
        self,
        *,
        url: str,
        types: Sequence[str] | None = None,
        products: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `register`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "webhooks.register_dry_run",
            body={"url": url, "types": types, "products": products},
            key=idempotency_key,
        )
        return answer

    def get(self, webhook: str) -> m.Webhook:
        """One webhook, with its version as ETag. 送信先

        Args:
            webhook: Id of the webhook. 通知先ID
        """
        answer: m.Webhook = self._core.call("webhooks.get", path={"webhook": webhook})
        return answer

    def change(
        self,
        webhook: str,
        *,
        if_match: str | None = None,
        url: str | Empty | None = None,
        types: Sequence[str] | Empty | None = None,
        products: Sequence[str] | Empty | None = None,
        state: m.WebhookState | str | Empty | None = None,
        idempotency_key: str | None = None,
    ) -> m.Webhook:
        """Changes address, types, products or state. 送信先変更

        Args:
            webhook: Id of the webhook. 通知先ID
            if_match: ETag of the webhook as it was read. 版
            url: 送信先アドレス
            types: 種別
            products: 受益権ID
            state: `active` or `paused`. One that was deactivated goes on, made active, where it stood. 状態
        """
        answer: m.Webhook = self._core.call(
            "webhooks.change",
            path={"webhook": webhook},
            headers={"if-match": if_match},
            body={"url": url, "types": types, "products": products, "state": state},
            key=idempotency_key,
        )
        return answer

    def change_dry_run(
        self,
        webhook: str,
        *,
        if_match: str | None = None,
        url: str | Empty | None = None,
        types: Sequence[str] | Empty | None = None,
        products: Sequence[str] | Empty | None = None,
        state: m.WebhookState | str | Empty | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `change`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "webhooks.change_dry_run",
            path={"webhook": webhook},
            headers={"if-match": if_match},
            body={"url": url, "types": types, "products": products, "state": state},
            key=idempotency_key,
        )
        return answer

    def delete(self, webhook: str, *, idempotency_key: str | None = None) -> None:
        """Deletes a webhook: nothing more is posted to it. 送信先削除

        Args:
            webhook: Id of the webhook. 通知先ID
        """
        self._core.call("webhooks.delete", path={"webhook": webhook}, key=idempotency_key)

    def delete_dry_run(self, webhook: str, *, idempotency_key: str | None = None) -> m.Judged:
        """As `delete`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "webhooks.delete_dry_run", path={"webhook": webhook}, key=idempotency_key
        )
        return answer

    def rotate_secret(
        self, webhook: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> m.WebhookWithSecret:
        """Makes a further secret, shown once. For 24 hours every message carries two signatures. 署名鍵更新

        Args:
            webhook: Id of the webhook. 通知先ID
            if_match: ETag of the webhook as it was read. 版
        """
        answer: m.WebhookWithSecret = self._core.call(
            "webhooks.rotate_secret",
            path={"webhook": webhook},
            headers={"if-match": if_match},
            key=idempotency_key,
        )
        return answer

    def rotate_secret_dry_run(
        self, webhook: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> m.Judged:
        """As `rotate_secret`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "webhooks.rotate_secret_dry_run",
            path={"webhook": webhook},
            headers={"if-match": if_match},
            key=idempotency_key,
        )
        return answer

    def deliveries(
        self,
        webhook: str,
        *,
        state: m.DeliveryState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[m.Delivery, m.DeliveryPage]:
        """What was posted, in the order of the events. 配信一覧

        Args:
            webhook: Id of the webhook. 通知先ID
            state: Only in this state, such as `dead`. 状態
            limit: Rows of a page, 100 by default. 件数
        """
        return Pages(
            self._core,
            "webhooks.deliveries",
            path={"webhook": webhook},
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def replay(
        self,
        webhook: str,
        *,
        event: str | None = None,
        product: str | None = None,
        from_number: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Replay:
        """Posts one event once more, or all of a product from a number on, under the same ids. 再送

        Args:
            webhook: Id of the webhook. 通知先ID
            event: One, by itself. 通知ID
            product: Of this product; left out: what is about no product. 受益権ID
            from_number: The first of them, in their order. 開始連番
        """
        answer: m.Replay = self._core.call(
            "webhooks.replay",
            path={"webhook": webhook},
            body={"event": event, "product": product, "from_number": from_number},
            key=idempotency_key,
        )
        return answer

    def replay_dry_run(
        self,
        webhook: str,
        *,
        event: str | None = None,
        product: str | None = None,
        from_number: int | None = None,
        idempotency_key: str | None = None,
    ) -> m.Judged:
        """As `replay`: whether it would be refused, and why. Nothing is stored. 判定のみ"""
        answer: m.Judged = self._core.call(
            "webhooks.replay_dry_run",
            path={"webhook": webhook},
            body={"event": event, "product": product, "from_number": from_number},
            key=idempotency_key,
        )
        return answer


class Client(ClientBase):
    """Talks to one registry, for one institution."""

    def _open(self) -> None:
        self.institutions = InstitutionsCalls(self._core)
        self.users = UsersCalls(self._core)
        self.investors = InvestorsCalls(self._core)
        self.products = ProductsCalls(self._core)
        self.positions = PositionsCalls(self._core)
        self.lots = LotsCalls(self._core)
        self.register = RegisterCalls(self._core)
        self.disclosures = DisclosuresCalls(self._core)
        self.documents = DocumentsCalls(self._core)
        self.record_dates = RecordDatesCalls(self._core)
        self.distributions = DistributionsCalls(self._core)
        self.payments = PaymentsCalls(self._core)
        self.trades = TradesCalls(self._core)
        self.transfers = TransfersCalls(self._core)
        self.jobs = JobsCalls(self._core)
        self.files = FilesCalls(self._core)
        self.commands = CommandsCalls(self._core)
        self.issues = IssuesCalls(self._core)
        self.allotments = AllotmentsCalls(self._core)
        self.redemptions = RedemptionsCalls(self._core)
        self.splits = SplitsCalls(self._core)
        self.restrictions = RestrictionsCalls(self._core)
        self.repairs = RepairsCalls(self._core)
        self.market = MarketCalls(self._core)
        self.events = EventsCalls(self._core)
        self.audit = AuditCalls(self._core)
        self.reasons = ReasonsCalls(self._core)
        self.webhooks = WebhooksCalls(self._core)
