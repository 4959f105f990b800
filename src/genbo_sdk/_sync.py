"""The calls of the client that waits. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from genbo_sdk._client import ClientBase
from genbo_sdk._core import Core
from genbo_sdk._json import as_of as _as_of
from genbo_sdk._pages import Pages

if TYPE_CHECKING:
    from genbo_sdk import _models as m


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


class TradesCalls:
    """Trades (移転): what moved."""

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


class Client(ClientBase):
    """Talks to one registry, for one institution."""

    def _open(self) -> None:
        self.institutions = InstitutionsCalls(self._core)
        self.users = UsersCalls(self._core)
        self.investors = InvestorsCalls(self._core)
        self.products = ProductsCalls(self._core)
        self.positions = PositionsCalls(self._core)
        self.lots = LotsCalls(self._core)
        self.trades = TradesCalls(self._core)
