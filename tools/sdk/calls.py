"""What each route is called in the library: `client.<group>.<name>()`. A route stands here or in LEFT_OUT, with why."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "products": "Products (銘柄): their terms and where they stand.",
}
"""Group to what it is about."""

CALLS: dict[tuple[str, str], str] = {
    ("GET", "/v1/products"): "products.list",
    ("GET", "/v1/products/{product}"): "products.get",
}
"""Method and path to `group.name`, in the order of the interface."""

LEFT_OUT: dict[tuple[str, str], str] = {
    ("POST", "/v1/oauth/token"): "the client signs in by itself",
}
"""Routes that are no call, and why."""

PERSONAL = frozenset(
    {
        "name", "name_kana", "address", "birth_date", "phone", "email", "account_number", "account_holder",
        "corporate_number", "postal_code",
    }
)  # fmt: skip
"""Fields that may be personal: they stand in no repr."""

NOT_PERSONAL = frozenset({("Product", "name")})
"""Fields of such a name that are about no person."""
"""What writes them: see `make_sdk.py`."""
