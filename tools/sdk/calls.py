"""What each route is called in the library: `client.<group>.<name>()`. A route stands here or in LEFT_OUT, with why."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "institutions": "Institutions (関係機関): who is asking, and the firms around it.",
    "users": "Users (利用者) of an institution, without their names.",
    "investors": "Investors (投資家): customers, their addresses, and with a purpose their names.",
    "products": "Products (銘柄): their terms and where they stand.",
    "positions": "Positions (残高): how many units stand at which address, as of any instant.",
    "lots": "Lots (ロット): units by the day they were acquired, and where they came from.",
    "trades": "Trades (移転): what moved.",
}
"""Group to what it is about, in the order of the client's documentation."""

CALLS: dict[tuple[str, str], str] = {
    ("GET", "/v1/me"): "institutions.me",
    ("GET", "/v1/institutions"): "institutions.list",
    ("GET", "/v1/institutions/{institution}"): "institutions.get",
    ("GET", "/v1/users"): "users.list",
    ("GET", "/v1/investors"): "investors.list",
    ("GET", "/v1/investors/{investor}"): "investors.get",
    ("GET", "/v1/investors/{investor}/wallets"): "investors.wallets",
    ("POST", "/v1/investors/names"): "investors.names",
    ("GET", "/v1/products"): "products.list",
    ("GET", "/v1/products/{product}"): "products.get",
    ("GET", "/v1/products/{product}/positions"): "positions.list",
    ("GET", "/v1/products/{product}/positions/{address}"): "positions.get",
    ("GET", "/v1/investors/{investor}/positions"): "positions.of_investor",
    ("GET", "/v1/products/{product}/totals"): "positions.totals",
    ("GET", "/v1/products/{product}/lots"): "lots.list",
    ("GET", "/v1/products/{product}/lots/{lot}/provenance"): "lots.provenance",
    ("GET", "/v1/products/{product}/trades"): "trades.list",
}
"""Method and path to `group.name`."""

EITHER = frozenset({"institutions.me"})
"""Calls that any credential may make."""

STREAMS: dict[str, str] = {}
"""Calls whose answer has no end, and what each event of it is."""

LEFT_OUT: dict[tuple[str, str], str] = {
    ("POST", "/v1/oauth/token"): "the client signs in by itself",
}
"""Routes that are no call, and why."""

UNSHOWN = frozenset(
    {
        "name", "name_kana", "address", "birth_date", "phone", "email", "account_number", "account_holder",
        "corporate_number", "postal_code", "registered_address", "secret", "signature", "safe_signature",
    }
)  # fmt: skip
"""Fields that may be personal or secret: they stand in no repr."""

SHOWN = frozenset(
    {
        ("Product", "name"), ("Lot", "address"), ("Position", "address"), ("Side", "address"), ("SignedBy", "name"),
        ("Wallet", "address"),
    }
)  # fmt: skip
"""Fields of such a name that are about nobody: addresses of the ledger, names of products and duties."""
