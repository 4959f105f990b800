"""The head of a register: terms, contract and firms as they were at its instant, whatever was changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from genbo.bootstrap.printing import Asked
from genbo.kernel import MAX_UNITS, InvestorId, ProductId
from genbo.reporting.register_kind import PrintedContract, PrintedFirm, StatutoryFacts
from genbo.storage import tables
from genbo.storage.former_rows import as_it_was
from genbo.storage.register import Register
from genbo.token import ProductTerms, parse_terms


def head_of(connection: Connection, chain_id: int, asked: Asked) -> StatutoryFacts:
    """What the head of the register says at the instant that was asked for."""
    product, at = asked.product.product_id, asked.instant
    terms, factor = _terms(connection, chain_id, product, asked)
    contract = _one(
        connection,
        tables.trust_contract,
        terms.trust_contract_id,
        (
            "trust_contract_number",
            "trust_contract_name",
            "settlor_id",
            "trustee_id",
            "asset_manager_id",
        ),
        at,
    )
    parties: Mapping[str, Any] = contract or {}

    def firm(table: Table, key: str | None, prefix: str) -> PrintedFirm | None:
        names = (f"{prefix}_name", "registered_address")
        row = _one(connection, table, key, names, at)
        if key is None or row is None:
            return None
        return PrintedFirm(id=key, name=row[names[0]], registered_address=row[names[1]])

    return StatutoryFacts(
        name=asked.name,
        terms=terms,
        contract=None
        if contract is None
        else PrintedContract(
            id=terms.trust_contract_id,
            number=contract["trust_contract_number"],
            name=contract["trust_contract_name"],
        ),
        trustee=firm(tables.trustee, parties.get("trustee_id"), "trustee"),
        settlor=firm(tables.settlor, parties.get("settlor_id"), "settlor"),
        asset_manager=firm(tables.asset_manager, parties.get("asset_manager_id"), "asset_manager"),
        beneficiary_agent=firm(
            tables.beneficiary_agent, terms.beneficiary_agent_id, "beneficiary_agent"
        ),
        factor=factor,
    )


def agents_of(
    connection: Connection, investors: Sequence[InvestorId], *, at: datetime
) -> dict[InvestorId, tuple[str | None, str | None]]:
    """By investor the names of the broker that registered it and of the custodian that keeps its keys, as they were."""
    rows = as_it_was(
        connection, tables.investor, investors, ("safekeeping_id", "custodian_id"), at=at
    )
    names = {
        column: {
            key: row[f"{prefix}_name"]
            for key, row in as_it_was(
                connection,
                table,
                sorted({row[column] for row in rows.values() if row[column]}),
                (f"{prefix}_name",),
                at=at,
            ).items()
        }
        for column, table, prefix in (
            ("safekeeping_id", tables.safekeeping_firm, "safekeeping"),
            ("custodian_id", tables.custodian, "custodian"),
        )
    }
    return {
        InvestorId(investor): (
            names["safekeeping_id"].get(row["safekeeping_id"]),
            names["custodian_id"].get(row["custodian_id"]),
        )
        for investor, row in rows.items()
    }


def _terms(
    connection: Connection, chain_id: int, product: ProductId, asked: Asked
) -> tuple[ProductTerms, int]:
    """The terms as the product was issued, with every split that lies before the instant, and the factor of those. What
    the product's row says is as of now, and is written some time after the ledger has split."""
    first = as_it_was(
        connection,
        tables.product,
        [product],
        ("terms",),
        at=datetime.min.replace(tzinfo=asked.instant.tzinfo),
    )
    issued = parse_terms(first[product]["terms"])
    factor = 1
    for total in Register(connection, chain_id).totals(product):
        if total.position.stamp.number > asked.stamp.number:
            break
        factor = total.factor
    price, rest = divmod(issued.unit_price_yen, factor)
    if rest or not price:
        return issued, 1
    split = replace(
        issued,
        unit_price_yen=price,
        authorised_cap=min(issued.authorised_cap * factor, int(MAX_UNITS)),
    )
    return split, factor


def _one(
    connection: Connection,
    table: Table,
    key: str | None,
    columns: Sequence[str],
    at: datetime,
) -> dict[str, Any] | None:
    return None if key is None else as_it_was(connection, table, [key], columns, at=at).get(key)
