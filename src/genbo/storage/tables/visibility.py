"""Row-level security (行レベルの閲覧制御): what an institution sees of each table (R-PROGMAT-VIS-1 to 4, invariant 11).

`Database.viewing` takes the role `genbo_viewer` for a transaction and names the institution. That role owns nothing
and reads only the tables of `POLICIES`, each row by the policy of its table. Every other table has row-level security
without a policy and no grant: nobody reads it as an institution. A table that is new is one of those, until it gets a
policy here and in a migration.

The policies say what `governance.institutions.visibility` decides; a test compares the two, row by row.

The viewing is of rows. Where a role sees a part of a row, the row stays closed and a view shows the part:
`client_trade` (an intermediary sees no other side) and `platform_digest` (the platform manager sees no quantity).
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    event,
)

from genbo.governance.institutions import InstitutionRole
from genbo.storage.tables.columns import metadata

VIEWER: Final = "genbo_viewer"
"""The role of whoever looks. It is one for all databases of a server, and holds nothing by itself."""

INSTITUTION_SETTING: Final = "genbo.institution"
"""Who looks, for the length of a transaction; nobody sees anything without."""

INSTANT_SETTING: Final = "genbo.at"
"""When; disclosures hold at instants. Without it no disclosure holds."""

digest_secret = Table(
    "digest_secret",
    metadata,
    Column(
        "number",
        SmallInteger,
        nullable=False,
        autoincrement=False,
        comment="番号: always 1, so there is one",
    ),
    Column(
        "secret",
        LargeBinary,
        nullable=False,
        comment="秘密値: 32 random bytes that the digests of platform_digest are made with",
    ),
    PrimaryKeyConstraint("number"),
    CheckConstraint("number = 1", name="number"),
    CheckConstraint("length(secret) = 32", name="secret"),
    comment="ハッシュの秘密値: without it nobody finds a quantity by trying",
)

_DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

FUNCTIONS: Final[Mapping[str, str]] = {
    "viewer_as(VARIADIC roles text[])": f"""RETURNS text {_DEFINER} AS $$
BEGIN -- the institution that looks, where it has one of these roles
    RETURN (
        SELECT institution_id FROM institution
        WHERE institution_id = current_setting('{INSTITUTION_SETTING}', true) AND role = ANY (roles)
    );
END $$""",
    "products_seen()": f"""RETURNS text[] {_DEFINER} AS $$
DECLARE
    viewer text := current_setting('{INSTITUTION_SETTING}', true);
BEGIN -- the products that are the institution's own
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'registrar' THEN RETURN ARRAY(
            SELECT product_id FROM product JOIN trust_contract USING (trust_contract_id)
            WHERE trustee_id = viewer
        );
        WHEN 'issuer' THEN RETURN ARRAY(
            SELECT product_id FROM product JOIN trust_contract USING (trust_contract_id)
            WHERE settlor_id = viewer OR asset_manager_id = viewer
        );
        WHEN 'custodian', 'direct_broker', 'delegating_broker', 'intermediary' THEN RETURN ARRAY(
            SELECT product_id FROM product_firm WHERE institution_id = viewer
        );
        ELSE RETURN '{{}}';
    END CASE;
END $$""",
    "registers_seen()": f"""RETURNS text[] {_DEFINER} AS $$
BEGIN -- the products whose whole register it sees
    RETURN CASE WHEN viewer_as('registrar', 'issuer') IS NULL THEN '{{}}' ELSE products_seen() END;
END $$""",
    "products_kept()": f"""RETURNS text[] {_DEFINER} AS $$
BEGIN -- the products whose register it keeps
    RETURN CASE WHEN viewer_as('registrar') IS NULL THEN '{{}}' ELSE products_seen() END;
END $$""",
    "sees_person(customer text)": f"""RETURNS boolean {_DEFINER} AS $$
DECLARE
    viewer text := current_setting('{INSTITUTION_SETTING}', true);
BEGIN -- whether the investor is the institution's customer, or stands or stood on a register that it keeps
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'registrar' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN product USING (product_id) JOIN trust_contract USING (trust_contract_id)
            WHERE investor_id = customer AND trustee_id = viewer
        );
        WHEN 'custodian' THEN RETURN EXISTS (
            SELECT FROM investor WHERE investor_id = customer AND custodian_id = viewer
        );
        WHEN 'direct_broker', 'delegating_broker' THEN RETURN EXISTS (
            SELECT FROM investor WHERE investor_id = customer AND safekeeping_id = viewer
        );
        WHEN 'intermediary' THEN RETURN EXISTS (
            SELECT FROM introduction WHERE investor_id = customer AND institution_id = viewer
        );
        ELSE RETURN false;
    END CASE;
END $$""",
    "sees_name(customer text)": f"""RETURNS boolean {_DEFINER} AS $$
DECLARE
    viewer text := viewer_as('issuer');
    moment timestamptz := nullif(current_setting('{INSTANT_SETTING}', true), '')::timestamptz;
BEGIN -- whether it may read who the investor is: it sees the person, or a disclosure to it holds
    IF viewer IS NULL THEN
        RETURN sees_person(customer);
    END IF;
    RETURN EXISTS (
        SELECT FROM disclosure AS told
        JOIN product USING (product_id) JOIN trust_contract USING (trust_contract_id)
        JOIN wallet ON wallet.product_id = told.product_id AND wallet.investor_id = customer
        WHERE told.issuer_id = viewer AND told.approved_at IS NOT NULL AND told.ended_at IS NULL
          AND told.valid_from <= moment AND moment < told.valid_until
          AND told.registrar_id = trustee_id AND viewer IN (settlor_id, asset_manager_id)
    );
END $$""",
    "sees_holder(customer text)": f"""RETURNS boolean {_DEFINER} AS $$
BEGIN -- whether it sees what its customer holds; an intermediary by the client's consent
    IF viewer_as('intermediary') IS NOT NULL THEN
        RETURN EXISTS (
            SELECT FROM introduction
            WHERE investor_id = customer AND institution_id = viewer_as('intermediary')
              AND consents_to_sight
        );
    END IF;
    RETURN viewer_as('custodian', 'direct_broker', 'delegating_broker') IS NOT NULL
        AND sees_person(customer);
END $$""",
    "sees_account(of_product text, at_address text)": f"""RETURNS boolean {_DEFINER} AS $$
DECLARE
    viewer text := current_setting('{INSTITUTION_SETTING}', true);
BEGIN -- the same, asked of an address
    CASE (SELECT role FROM institution WHERE institution_id = viewer)
        WHEN 'custodian' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN investor USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND custodian_id = viewer
        );
        WHEN 'direct_broker', 'delegating_broker' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN investor USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND safekeeping_id = viewer
        );
        WHEN 'intermediary' THEN RETURN EXISTS (
            SELECT FROM wallet JOIN introduction USING (investor_id)
            WHERE product_id = of_product AND address = at_address AND institution_id = viewer
              AND consents_to_sight
        );
        ELSE RETURN false;
    END CASE;
END $$""",
    "sees_trade(of_product text, source text, target text)": f"""RETURNS boolean {_DEFINER} AS $$
BEGIN -- whether one side is its customer, and the other side's address is for it to see
    RETURN viewer_as('custodian', 'direct_broker', 'delegating_broker') IS NOT NULL
        AND (sees_account(of_product, source) OR sees_account(of_product, target));
END $$""",
}
"""What the policies ask. They run with the rights of the owner, so a policy never waits for another one."""


def _as(*roles: str) -> str:
    listed = ", ".join(f"'{role}'" for role in roles)
    return f"(SELECT viewer_as({listed}))"


_ANYBODY = f"{_as(*InstitutionRole)} IS NOT NULL"
_PRODUCTS = "product_id = ANY ((SELECT products_seen())::text[])"
_REGISTERS = "product_id = ANY ((SELECT registers_seen())::text[])"
_KEPT = "product_id = ANY ((SELECT products_kept())::text[])"
_OWN = f"institution_id = {_as(*InstitutionRole)}"
_BROKER = _as("direct_broker", "delegating_broker")

POLICIES: Final[Mapping[str, str]] = {
    # 銘柄: terms and totals
    "product": _PRODUCTS,
    "product_name": _PRODUCTS,
    "total_issued": _PRODUCTS,
    "transfer_control": (
        "EXISTS (SELECT FROM product"
        " WHERE product.transfer_control_id = transfer_control.transfer_control_id)"
    ),
    "product_firm": (
        f"{_REGISTERS} OR institution_id = current_setting('{INSTITUTION_SETTING}', true)"
    ),
    # 関係者: its own row
    "institution": f"institution_id = current_setting('{INSTITUTION_SETTING}', true)",
    "safekeeping_firm": f"safekeeping_id = {_BROKER}",
    "custodian": f"custodian_id = {_as('custodian')}",
    "trustee": f"trustee_id = {_as('registrar')}",
    "settlor": f"settlor_id = {_as('issuer')}",
    "asset_manager": f"asset_manager_id = {_as('issuer')}",
    "trust_contract": (
        f"trustee_id = {_as('registrar')}"
        f" OR settlor_id = {_as('issuer')} OR asset_manager_id = {_as('issuer')}"
    ),
    # 氏名・住所: who somebody is
    "investor": "sees_person(investor_id)",
    "verdict": "sees_person(investor_id)",
    "introduction": "sees_person(investor_id)",
    "identity": "sees_name(investor_id)",
    "investor_key": "sees_name(investor_id)",
    "disclosure": (
        f"registrar_id = {_as('registrar')}"
        f" OR issuer_id = {_as('issuer')} AND approved_at IS NOT NULL"
    ),
    # 保有残高: who holds how much
    "wallet": f"{_REGISTERS} OR sees_holder(investor_id)",
    "position": f"{_REGISTERS} OR sees_account(product_id, address)",
    "lot": f"{_REGISTERS} OR sees_account(product_id, address)",
    # 取引: what moved; the lots that were taken are the sender's
    "trade": f"{_REGISTERS} OR sees_trade(product_id, source, target)",
    "trade_piece": (
        f"{_REGISTERS} OR EXISTS (SELECT FROM trade WHERE trade.product_id = trade_piece.product_id"
        " AND trade.from_block = trade_piece.from_block"
        " AND trade.from_log_index = trade_piece.from_log_index"
        " AND sees_account(trade.product_id, trade.source))"
    ),
    # 権利・分配: what a register's holders are owed
    "record_date": _REGISTERS,
    "distribution": _REGISTERS,
    "corporate_action": _REGISTERS,
    "entitlement": f"{_REGISTERS} OR sees_holder(holder)",
    "payee_line": (
        "EXISTS (SELECT FROM distribution"
        " WHERE distribution.distribution_id = payee_line.distribution_id)"
        " OR sees_holder(holder)"
    ),
    # 指図: what the registrar of a product ordered
    "command": _KEPT,
    "approval": "EXISTS (SELECT FROM command WHERE command.command_id = approval.command_id)",
    "job": _KEPT,
    "job_row": "EXISTS (SELECT FROM job WHERE job.job_id = job_row.job_id)",
    "job_batch": "EXISTS (SELECT FROM job WHERE job.job_id = job_batch.job_id)",
    # 通知: what it was told, and where it is posted
    "notice": _OWN,
    "notice_stream": _OWN,
    "webhook": _OWN,
    "webhook_lane": "EXISTS (SELECT FROM webhook WHERE webhook.webhook_id = webhook_lane.webhook_id)",
    "webhook_delivery": (
        "EXISTS (SELECT FROM webhook WHERE webhook.webhook_id = webhook_delivery.webhook_id)"
    ),
    # of nobody: heights of the chain, the state of the market, public lists
    "block": _ANYBODY,
    "cursor": _ANYBODY,
    "market_status": _ANYBODY,
    "bank": _ANYBODY,
    "bank_branch": _ANYBODY,
}
"""Table to which of its rows an institution reads."""

VIEWS: Final[Mapping[str, str]] = {
    "client_trade": f"""SELECT t.product_id, t.from_block, t.from_log_index, t.from_at, t.ref, t.kind, t.units,
       w.investor_id, side.name AS side
FROM introduction i
JOIN wallet w ON w.investor_id = i.investor_id
CROSS JOIN (VALUES ('sender'), ('recipient')) side(name)
JOIN trade t ON t.product_id = w.product_id
    AND w.address = CASE side.name WHEN 'sender' THEN t.source ELSE t.target END
WHERE i.institution_id = {_as("intermediary")}""",
    "platform_digest": "\nUNION ALL\n".join(
        f"""SELECT '{table}' AS kind, r.from_block AS block,
       sha256(sha256(s.secret || convert_to(concat_ws('/', '{table}', {key}), 'UTF8'))
           || convert_to(jsonb_strip_nulls(to_jsonb(r.*))::text, 'UTF8')) AS digest
FROM {table} r CROSS JOIN digest_secret s
WHERE {_as("platform_manager")} IS NOT NULL"""
        for table, key in (
            ("position", "r.product_id, r.address, r.from_block, r.from_log_index"),
            ("trade", "r.product_id, r.from_block, r.from_log_index"),
        )
    ),
}
"""View to what it shows; see the head of this file."""


def script() -> str:
    """The SQL that puts all of it in force, in a database that has the tables."""
    parts = [
        f"""DO $$
BEGIN
    IF to_regrole('{VIEWER}') IS NULL THEN
        CREATE ROLE {VIEWER} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server was first
END $$""",
        f"""DO $$
BEGIN
    SET LOCAL ROLE {VIEWER};
    RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
    GRANT {VIEWER} TO CURRENT_USER; -- whoever made it may
END $$""",
        """INSERT INTO digest_secret (number, secret)
VALUES (1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))""",
        """DO $$
DECLARE
    each regclass;
BEGIN
    FOR each IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', each);
    END LOOP;
END $$""",
    ]
    for name, body in FUNCTIONS.items():
        parts += [f"CREATE FUNCTION {name} {body}"]
        signature = name.replace("VARIADIC ", "")
        parts += [f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"]
        parts += [f"GRANT EXECUTE ON FUNCTION {signature} TO {VIEWER}"]
    for table, sees in POLICIES.items():
        parts += [
            f"CREATE POLICY {table}_seen ON {table} FOR SELECT TO {VIEWER}\n    USING ({sees})"
        ]
        parts += [f"GRANT SELECT ON {table} TO {VIEWER}"]
    for view, shows in VIEWS.items():
        parts += [f"CREATE VIEW {view} WITH (security_barrier) AS\n{shows}"]
        parts += [f"GRANT SELECT ON {view} TO {VIEWER}"]
    return "".join(f"{part};\n\n" for part in parts)


event.listen(metadata, "after_create", DDL(script().replace("%", "%%")))  # type: ignore[no-untyped-call]
