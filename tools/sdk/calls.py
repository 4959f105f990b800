"""What each route is called in the library: `client.<group>.<name>()`. A route stands here or in LEFT_OUT, with why."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "institutions": "Institutions (関係機関): who is asking, and the firms around it.",
    "users": "Users (利用者) of an institution, without their names.",
    "investors": "Investors (投資家): customers, their addresses, and with a purpose their names.",
    "products": "Products (銘柄): their terms and where they stand.",
    "positions": "Positions (残高): how many units stand at which address, as of any instant.",
    "lots": "Lots (ロット): units by the day they were acquired, and where they came from.",
    "register": "The register (原簿): lot by lot, and with a purpose with names.",
    "documents": "Register documents (原簿の帳票): the register as a file, certificates, listings, and their proof.",
    "record_dates": "Record dates (権利確定日): deadlines, and who held.",
    "distributions": "Distributions (分配): declared by one, approved by another, line by line.",
    "payments": "Payments (支払): bank transfer files, what the bank said, what is owed, yearly statements.",
    "trades": "Trades (移転の履歴): what moved.",
    "transfers": "Transfers (移転): asked about, prepared for a signature, ordered, followed, taken back.",
    "jobs": "Jobs (一括処理): bulk acts, how far they are, and rows that cannot succeed.",
    "files": "Files (取込ファイル): masters in bulk, checked and applied whole or not at all.",
    "commands": "Commands (指図): what was ordered under a duty, who signed it, and what became of it.",
    "issues": "Issue (発行・追加発行): units come into being.",
    "allotments": "Allotment (割当): issued units go to those they were allotted to.",
    "redemptions": "Redemption (償還): units end.",
    "splits": "Splits (分割): one unit becomes several.",
    "restrictions": "Restrictions (制限): freezes, lock-ups, verdicts, and their release.",
    "repairs": "Repairs (修復): forced transfer, reversal, redistribution, re-keying.",
    "market": "The market (市場統制): open, closed, stopped.",
    "events": "Events (通知): what happened, as pages and as a stream that goes on.",
    "audit": "Audit (監査記録): what was done and read, and the days that are anchored on the ledger.",
    "reasons": "Reasons (理由): every code, in both languages.",
    "webhooks": "Webhooks (通知の送信先): where events are posted to.",
}
"""Group to what it is about, in the order of the client's documentation."""

CALLS: dict[tuple[str, str], str] = {
    ("GET", "/v1/me"): "institutions.me",
    ("GET", "/v1/institutions"): "institutions.list",
    ("GET", "/v1/institutions/{institution}"): "institutions.get",
    ("GET", "/v1/users"): "users.list",
    ("GET", "/v1/investors"): "investors.list",
    ("GET", "/v1/investors/{investor}"): "investors.get",
    ("POST", "/v1/investors"): "investors.register",
    ("PATCH", "/v1/investors/{investor}"): "investors.change",
    ("GET", "/v1/investors/{investor}/wallets"): "investors.wallets",
    ("POST", "/v1/investors/{investor}/wallets"): "investors.register_wallet",
    ("POST", "/v1/investors/{investor}/wallets/proofs"): "investors.prove_wallet",
    ("POST", "/v1/investors/names"): "investors.names",
    ("GET", "/v1/products"): "products.list",
    ("GET", "/v1/products/{product}"): "products.get",
    ("GET", "/v1/products/{product}/positions"): "positions.list",
    ("GET", "/v1/products/{product}/positions/{address}"): "positions.get",
    ("GET", "/v1/products/{product}/positions/{address}/changes"): "positions.changes",
    ("GET", "/v1/investors/{investor}/positions"): "positions.of_investor",
    ("GET", "/v1/products/{product}/totals"): "positions.totals",
    ("GET", "/v1/products/{product}/coupons"): "products.coupons",
    ("GET", "/v1/products/{product}/lots"): "lots.list",
    ("GET", "/v1/products/{product}/lots/{lot}/provenance"): "lots.provenance",
    ("GET", "/v1/products/{product}/register"): "register.list",
    ("POST", "/v1/products/{product}/register"): "register.list_with_names",
    ("GET", "/v1/register/digests"): "register.digests",
    ("POST", "/v1/products/{product}/register-documents"): "documents.register",
    ("POST", "/v1/products/{product}/certificates"): "documents.certificate",
    ("GET", "/v1/products/{product}/register-documents/holdings"): "documents.holdings",
    ("GET", "/v1/products/{product}/register-documents/changes"): "documents.changes",
    ("GET", "/v1/products/{product}/register-documents/provenance"): "documents.provenance",
    ("POST", "/v1/register-documents/verifications"): "documents.verify",
    ("GET", "/v1/products/{product}/record-dates"): "record_dates.list",
    ("GET", "/v1/products/{product}/record-dates/{day}"): "record_dates.get",
    ("GET", "/v1/products/{product}/record-dates/{day}/entitlements"): "record_dates.entitlements",
    ("POST", "/v1/products/{product}/record-dates/{day}/fixing"): "record_dates.fix",
    ("GET", "/v1/products/{product}/distributions"): "distributions.list",
    ("POST", "/v1/products/{product}/distributions"): "distributions.declare",
    ("GET", "/v1/products/{product}/distributions/{distribution}"): "distributions.get",
    ("GET", "/v1/products/{product}/distributions/{distribution}/lines"): "distributions.lines",
    (
        "POST",
        "/v1/products/{product}/distributions/{distribution}/approvals",
    ): "distributions.approve",
    (
        "POST",
        "/v1/products/{product}/distributions/{distribution}/rejection",
    ): "distributions.reject",
    (
        "GET",
        "/v1/products/{product}/distributions/{distribution}/payment-files",
    ): "payments.files",
    (
        "POST",
        "/v1/products/{product}/distributions/{distribution}/payment-files",
    ): "payments.make_file",
    (
        "POST",
        "/v1/products/{product}/distributions/{distribution}/payment-files/{file}/copies",
    ): "payments.copy_file",
    (
        "POST",
        "/v1/products/{product}/distributions/{distribution}/payment-files/{file}/results",
    ): "payments.take_results",
    ("POST", "/v1/products/{product}/distributions/{distribution}/holds"): "payments.hold",
    ("POST", "/v1/products/{product}/distributions/{distribution}/releases"): "payments.release",
    ("GET", "/v1/products/{product}/unpaid"): "payments.unpaid",
    ("GET", "/v1/products/{product}/statements"): "payments.statements",
    ("GET", "/v1/products/{product}/trades"): "trades.list",
    ("GET", "/v1/transfers"): "transfers.list",
    ("POST", "/v1/transfers"): "transfers.order",
    ("POST", "/v1/transfers/orders"): "transfers.order_many",
    ("POST", "/v1/transfers/bulk"): "transfers.give_to_many",
    ("GET", "/v1/transfers/{product}/{trade}"): "transfers.get",
    ("POST", "/v1/transfers/{product}/{trade}/withdrawal"): "transfers.withdraw",
    ("GET", "/v1/jobs"): "jobs.list",
    ("GET", "/v1/jobs/{job}"): "jobs.get",
    ("GET", "/v1/jobs/{job}/refused-rows"): "jobs.refused_rows",
    ("POST", "/v1/jobs/{job}/cancellation"): "jobs.cancel",
    ("GET", "/v1/files"): "files.list",
    ("GET", "/v1/files/{file}"): "files.get",
    ("GET", "/v1/files/{file}/problems"): "files.problems",
    ("POST", "/v1/files"): "files.announce",
    ("GET", "/v1/files/{file}/parts"): "files.parts",
    ("PUT", "/v1/files/{file}/parts/{part}"): "files.send_part",
    ("POST", "/v1/files/{file}/completion"): "files.complete",
    ("POST", "/v1/files/{file}/approval"): "files.approve",
    ("GET", "/v1/commands"): "commands.list",
    ("GET", "/v1/commands/{command}"): "commands.get",
    ("GET", "/v1/commands/{command}/evidence"): "commands.evidence",
    ("POST", "/v1/commands/{command}/approvals"): "commands.approve",
    ("POST", "/v1/commands/{command}/safe-signatures"): "commands.sign_for_safe",
    ("POST", "/v1/commands/{command}/withdrawal"): "commands.withdraw",
    ("POST", "/v1/products/{product}/issues"): "issues.order",
    ("POST", "/v1/products/{product}/allotments"): "allotments.order",
    ("POST", "/v1/products/{product}/redemptions"): "redemptions.order",
    ("POST", "/v1/products/{product}/splits"): "splits.order",
    ("POST", "/v1/products/{product}/restrictions"): "restrictions.order",
    ("POST", "/v1/products/{product}/releases"): "restrictions.release",
    ("POST", "/v1/products/{product}/verdicts"): "restrictions.verdict",
    ("POST", "/v1/products/{product}/forced-transfers"): "repairs.force_transfer",
    ("POST", "/v1/products/{product}/reverse-transfers"): "repairs.reverse_transfer",
    ("POST", "/v1/products/{product}/redistributions"): "repairs.redistribute",
    ("POST", "/v1/products/{product}/rekeyings"): "repairs.rekey",
    ("GET", "/v1/market"): "market.get",
    ("GET", "/v1/products/{product}/market"): "market.of_product",
    ("GET", "/v1/calendar"): "market.calendar",
    ("POST", "/v1/market/stops"): "market.stop",
    ("POST", "/v1/market/resumptions"): "market.resume",
    ("POST", "/v1/market/openings"): "market.open",
    ("POST", "/v1/market/closings"): "market.close",
    ("POST", "/v1/transfer-groups/{group}/switches"): "market.switch_group",
    ("GET", "/v1/audit/entries"): "audit.entries",
    ("GET", "/v1/audit/days/{day}"): "audit.day",
    ("GET", "/v1/reasons"): "reasons.table",
    ("GET", "/v1/events"): "events.list",
    ("GET", "/v1/events/stream"): "events.stream",
    ("GET", "/v1/webhooks"): "webhooks.list",
    ("POST", "/v1/webhooks"): "webhooks.register",
    ("GET", "/v1/webhooks/{webhook}"): "webhooks.get",
    ("PATCH", "/v1/webhooks/{webhook}"): "webhooks.change",
    ("DELETE", "/v1/webhooks/{webhook}"): "webhooks.delete",
    ("POST", "/v1/webhooks/{webhook}/secret"): "webhooks.rotate_secret",
    ("GET", "/v1/webhooks/{webhook}/deliveries"): "webhooks.deliveries",
    ("POST", "/v1/webhooks/{webhook}/replay"): "webhooks.replay",
}
"""Method and path to `group.name`."""

EITHER = frozenset({"institutions.me"})
"""Calls that any credential may make."""

STREAMS: dict[str, str] = {"events.stream": "Event"}
"""Calls whose answer has no end, and what each event of it is."""

LEFT_OUT: dict[tuple[str, str], str] = {
    (
        "GET",
        "/v1/health",
    ): "for whoever watches the service: asked without a client, and 503 is an answer",
    ("POST", "/v1/oauth/token"): "the client signs in by itself",
    ("GET", "/v1/oauth/metadata"): "told to whoever sets up a credential, before there is a client",
    ("GET", "/.well-known/oauth-authorization-server"): "the same, where OAuth looks for it",
}
"""Routes that are no call, and why."""

RENAMED = {"genbo__api__reason__Reason": "ReasonEntry"}
"""Components whose name is taken in the library."""

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
