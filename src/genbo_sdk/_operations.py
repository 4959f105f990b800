"""The routes behind the calls. Written by tools/make_sdk.py from the interface's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from genbo_sdk import _models as m
from genbo_sdk._operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    "institutions.me": Operation(
        method="GET", path="/v1/me", scope="reference", either=True, result=m.Me
    ),
    "institutions.list": Operation(
        method="GET", path="/v1/institutions", scope="reference", result=m.InstitutionPage
    ),
    "institutions.get": Operation(
        method="GET", path="/v1/institutions/{institution}", scope="reference", result=m.Institution
    ),
    "users.list": Operation(method="GET", path="/v1/users", scope="reference", result=m.UserPage),
    "investors.list": Operation(
        method="GET", path="/v1/investors", scope="reference", result=m.InvestorPage
    ),
    "investors.get": Operation(
        method="GET", path="/v1/investors/{investor}", scope="reference", result=m.Investor
    ),
    "investors.register": Operation(
        method="POST", path="/v1/investors", scope="update", keyed=True, result=m.Investor
    ),
    "investors.change": Operation(
        method="PATCH",
        path="/v1/investors/{investor}",
        scope="update",
        keyed=True,
        result=m.Investor,
    ),
    "investors.wallets": Operation(
        method="GET",
        path="/v1/investors/{investor}/wallets",
        scope="reference",
        result=m.InvestorWallets,
    ),
    "investors.register_wallet": Operation(
        method="POST",
        path="/v1/investors/{investor}/wallets",
        scope="update",
        keyed=True,
        result=m.NewWalletAnswer,
    ),
    "investors.prove_wallet": Operation(
        method="POST",
        path="/v1/investors/{investor}/wallets/proofs",
        scope="update",
        keyed=True,
        result=m.NewWalletAnswer,
    ),
    "investors.names": Operation(
        method="POST", path="/v1/investors/names", scope="reference", result=m.Names
    ),
    "products.list": Operation(
        method="GET", path="/v1/products", scope="reference", result=m.ProductPage
    ),
    "products.get": Operation(
        method="GET", path="/v1/products/{product}", scope="reference", result=m.Product
    ),
    "products.coupons": Operation(
        method="GET", path="/v1/products/{product}/coupons", scope="reference", result=m.BondCoupons
    ),
    "positions.list": Operation(
        method="GET",
        path="/v1/products/{product}/positions",
        scope="reference",
        result=m.PositionPage,
    ),
    "positions.get": Operation(
        method="GET",
        path="/v1/products/{product}/positions/{address}",
        scope="reference",
        result=m.PositionAt,
    ),
    "positions.changes": Operation(
        method="GET",
        path="/v1/products/{product}/positions/{address}/changes",
        scope="reference",
        result=m.PositionPage,
    ),
    "positions.of_investor": Operation(
        method="GET",
        path="/v1/investors/{investor}/positions",
        scope="reference",
        result=m.PositionsAt,
    ),
    "positions.totals": Operation(
        method="GET", path="/v1/products/{product}/totals", scope="reference", result=m.TotalsAt
    ),
    "lots.list": Operation(
        method="GET", path="/v1/products/{product}/lots", scope="reference", result=m.LotPage
    ),
    "lots.provenance": Operation(
        method="GET",
        path="/v1/products/{product}/lots/{lot}/provenance",
        scope="reference",
        result=m.ProvenanceAt,
    ),
    "register.list": Operation(
        method="GET", path="/v1/products/{product}/register", scope="reference", result=m.Extract
    ),
    "register.list_with_names": Operation(
        method="POST", path="/v1/products/{product}/register", scope="reference", result=m.Extract
    ),
    "register.digests": Operation(
        method="GET", path="/v1/register/digests", scope="reference", result=m.Digests
    ),
    "documents.register": Operation(
        method="POST",
        path="/v1/products/{product}/register-documents",
        scope="reference",
        result=bytes,
    ),
    "documents.certificate": Operation(
        method="POST", path="/v1/products/{product}/certificates", scope="reference", result=bytes
    ),
    "documents.holdings": Operation(
        method="GET",
        path="/v1/products/{product}/register-documents/holdings",
        scope="reference",
        result=bytes,
    ),
    "documents.changes": Operation(
        method="GET",
        path="/v1/products/{product}/register-documents/changes",
        scope="reference",
        result=bytes,
    ),
    "documents.provenance": Operation(
        method="GET",
        path="/v1/products/{product}/register-documents/provenance",
        scope="reference",
        result=bytes,
    ),
    "documents.verify": Operation(
        method="POST",
        path="/v1/register-documents/verifications",
        scope="reference",
        result=m.Proof,
    ),
    "record_dates.list": Operation(
        method="GET",
        path="/v1/products/{product}/record-dates",
        scope="reference",
        result=m.RecordDays,
    ),
    "record_dates.get": Operation(
        method="GET",
        path="/v1/products/{product}/record-dates/{day}",
        scope="reference",
        result=m.RecordDay,
    ),
    "record_dates.entitlements": Operation(
        method="GET",
        path="/v1/products/{product}/record-dates/{day}/entitlements",
        scope="reference",
        result=m.EntitledPage,
    ),
    "record_dates.fix": Operation(
        method="POST",
        path="/v1/products/{product}/record-dates/{day}/fixing",
        scope="update",
        keyed=True,
        result=m.RecordDay,
    ),
    "distributions.list": Operation(
        method="GET",
        path="/v1/products/{product}/distributions",
        scope="reference",
        result=m.Distributions,
    ),
    "distributions.declare": Operation(
        method="POST",
        path="/v1/products/{product}/distributions",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Distribution,
    ),
    "distributions.declare_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/distributions",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "distributions.declare_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/distributions",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "distributions.get": Operation(
        method="GET",
        path="/v1/products/{product}/distributions/{distribution}",
        scope="reference",
        result=m.Distribution,
    ),
    "distributions.lines": Operation(
        method="GET",
        path="/v1/products/{product}/distributions/{distribution}/lines",
        scope="reference",
        result=m.PayeePage,
    ),
    "distributions.approve": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/approvals",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Distribution,
    ),
    "distributions.approve_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/approvals",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "distributions.approve_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/approvals",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "distributions.reject": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/rejection",
        scope="update",
        keyed=True,
        result=m.Distribution,
    ),
    "payments.files": Operation(
        method="GET",
        path="/v1/products/{product}/distributions/{distribution}/payment-files",
        scope="reference",
        result=m.PaymentFiles,
    ),
    "payments.make_file": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/payment-files",
        scope="update",
        keyed=True,
        result=bytes,
    ),
    "payments.copy_file": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/payment-files/{file}/copies",
        scope="reference",
        result=bytes,
    ),
    "payments.take_results": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/payment-files/{file}/results",
        scope="update",
        keyed=True,
        result=m.Taken,
    ),
    "payments.hold": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/holds",
        scope="update",
        keyed=True,
        result=m.LinesNamed,
    ),
    "payments.release": Operation(
        method="POST",
        path="/v1/products/{product}/distributions/{distribution}/releases",
        scope="update",
        keyed=True,
        result=m.LinesNamed,
    ),
    "payments.unpaid": Operation(
        method="GET", path="/v1/products/{product}/unpaid", scope="reference", result=m.UnpaidPage
    ),
    "payments.statements": Operation(
        method="GET",
        path="/v1/products/{product}/statements",
        scope="reference",
        result=m.YearlyStatementPage,
    ),
    "trades.list": Operation(
        method="GET", path="/v1/products/{product}/trades", scope="reference", result=m.TradePage
    ),
    "transfers.list": Operation(
        method="GET", path="/v1/transfers", scope="reference", result=m.OrderLinePage
    ),
    "transfers.order": Operation(
        method="POST",
        path="/v1/transfers",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.TransferOrder,
    ),
    "transfers.order_dry_run": Operation(
        method="POST",
        path="/v1/transfers",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Explained,
    ),
    "transfers.order_prepare": Operation(
        method="POST",
        path="/v1/transfers",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToSign,
    ),
    "transfers.order_many": Operation(
        method="POST", path="/v1/transfers/orders", scope="update", keyed=True, result=m.OrderedRows
    ),
    "transfers.give_to_many": Operation(
        method="POST",
        path="/v1/transfers/bulk",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Ordered,
    ),
    "transfers.give_to_many_dry_run": Operation(
        method="POST",
        path="/v1/transfers/bulk",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Ordered,
    ),
    "transfers.get": Operation(
        method="GET",
        path="/v1/transfers/{product}/{trade}",
        scope="reference",
        result=m.TransferOrder,
    ),
    "transfers.withdraw": Operation(
        method="POST",
        path="/v1/transfers/{product}/{trade}/withdrawal",
        scope="update",
        keyed=True,
        result=m.TransferOrder,
    ),
    "jobs.list": Operation(method="GET", path="/v1/jobs", scope="reference", result=m.JobPage),
    "jobs.get": Operation(method="GET", path="/v1/jobs/{job}", scope="reference", result=m.Job),
    "jobs.refused_rows": Operation(
        method="GET", path="/v1/jobs/{job}/refused-rows", scope="reference", result=m.RefusedRowPage
    ),
    "jobs.cancel": Operation(
        method="POST", path="/v1/jobs/{job}/cancellation", scope="update", keyed=True, result=m.Job
    ),
    "files.list": Operation(method="GET", path="/v1/files", scope="reference", result=m.FilePage),
    "files.get": Operation(method="GET", path="/v1/files/{file}", scope="reference", result=m.File),
    "files.problems": Operation(
        method="GET", path="/v1/files/{file}/problems", scope="reference", result=m.FileProblemPage
    ),
    "files.announce": Operation(
        method="POST", path="/v1/files", scope="update", keyed=True, result=m.Upload
    ),
    "files.parts": Operation(
        method="GET", path="/v1/files/{file}/parts", scope="reference", result=m.Upload
    ),
    "files.send_part": Operation(
        method="PUT",
        path="/v1/files/{file}/parts/{part}",
        scope="update",
        keyed=True,
        result=m.Upload,
    ),
    "files.complete": Operation(
        method="POST",
        path="/v1/files/{file}/completion",
        scope="update",
        keyed=True,
        result=m.Upload,
    ),
    "files.approve": Operation(
        method="POST", path="/v1/files/{file}/approval", scope="update", keyed=True, result=m.Upload
    ),
    "commands.list": Operation(
        method="GET", path="/v1/commands", scope="reference", result=m.CommandPage
    ),
    "commands.get": Operation(
        method="GET", path="/v1/commands/{command}", scope="reference", result=m.Command
    ),
    "commands.evidence": Operation(
        method="GET",
        path="/v1/commands/{command}/evidence",
        scope="reference",
        result=Mapping[str, Any],
    ),
    "commands.approve": Operation(
        method="POST",
        path="/v1/commands/{command}/approvals",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "commands.approve_dry_run": Operation(
        method="POST",
        path="/v1/commands/{command}/approvals",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "commands.approve_prepare": Operation(
        method="POST",
        path="/v1/commands/{command}/approvals",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "commands.sign_for_safe": Operation(
        method="POST",
        path="/v1/commands/{command}/safe-signatures",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "commands.sign_for_safe_dry_run": Operation(
        method="POST",
        path="/v1/commands/{command}/safe-signatures",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "commands.sign_for_safe_prepare": Operation(
        method="POST",
        path="/v1/commands/{command}/safe-signatures",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "commands.withdraw": Operation(
        method="POST",
        path="/v1/commands/{command}/withdrawal",
        scope="update",
        keyed=True,
        result=m.Command,
    ),
    "issues.order": Operation(
        method="POST",
        path="/v1/products/{product}/issues",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "issues.order_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/issues",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "issues.order_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/issues",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "allotments.order": Operation(
        method="POST",
        path="/v1/products/{product}/allotments",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command | m.JobOrdered,
    ),
    "allotments.order_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/allotments",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "allotments.order_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/allotments",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned | m.JobToBeSigned,
    ),
    "redemptions.order": Operation(
        method="POST",
        path="/v1/products/{product}/redemptions",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "redemptions.order_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/redemptions",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "redemptions.order_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/redemptions",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "splits.order": Operation(
        method="POST",
        path="/v1/products/{product}/splits",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "splits.order_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/splits",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "splits.order_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/splits",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "restrictions.order": Operation(
        method="POST",
        path="/v1/products/{product}/restrictions",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "restrictions.order_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/restrictions",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "restrictions.order_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/restrictions",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "restrictions.release": Operation(
        method="POST",
        path="/v1/products/{product}/releases",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "restrictions.release_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/releases",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "restrictions.release_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/releases",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "restrictions.verdict": Operation(
        method="POST",
        path="/v1/products/{product}/verdicts",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "restrictions.verdict_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/verdicts",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "restrictions.verdict_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/verdicts",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "repairs.force_transfer": Operation(
        method="POST",
        path="/v1/products/{product}/forced-transfers",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "repairs.force_transfer_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/forced-transfers",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "repairs.force_transfer_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/forced-transfers",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "repairs.reverse_transfer": Operation(
        method="POST",
        path="/v1/products/{product}/reverse-transfers",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "repairs.reverse_transfer_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/reverse-transfers",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "repairs.reverse_transfer_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/reverse-transfers",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "repairs.redistribute": Operation(
        method="POST",
        path="/v1/products/{product}/redistributions",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "repairs.redistribute_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/redistributions",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "repairs.redistribute_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/redistributions",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "repairs.rekey": Operation(
        method="POST",
        path="/v1/products/{product}/rekeyings",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "repairs.rekey_dry_run": Operation(
        method="POST",
        path="/v1/products/{product}/rekeyings",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "repairs.rekey_prepare": Operation(
        method="POST",
        path="/v1/products/{product}/rekeyings",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "market.get": Operation(method="GET", path="/v1/market", scope="reference", result=m.Market),
    "market.of_product": Operation(
        method="GET", path="/v1/products/{product}/market", scope="reference", result=m.Trading
    ),
    "market.calendar": Operation(
        method="GET", path="/v1/calendar", scope="reference", result=m.Calendar
    ),
    "market.stop": Operation(
        method="POST",
        path="/v1/market/stops",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "market.stop_dry_run": Operation(
        method="POST",
        path="/v1/market/stops",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "market.stop_prepare": Operation(
        method="POST",
        path="/v1/market/stops",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "market.resume": Operation(
        method="POST",
        path="/v1/market/resumptions",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "market.resume_dry_run": Operation(
        method="POST",
        path="/v1/market/resumptions",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "market.resume_prepare": Operation(
        method="POST",
        path="/v1/market/resumptions",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "market.open": Operation(
        method="POST",
        path="/v1/market/openings",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "market.open_dry_run": Operation(
        method="POST",
        path="/v1/market/openings",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "market.open_prepare": Operation(
        method="POST",
        path="/v1/market/openings",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "market.close": Operation(
        method="POST",
        path="/v1/market/closings",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "market.close_dry_run": Operation(
        method="POST",
        path="/v1/market/closings",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "market.close_prepare": Operation(
        method="POST",
        path="/v1/market/closings",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "market.switch_group": Operation(
        method="POST",
        path="/v1/transfer-groups/{group}/switches",
        scope="update",
        fixed=(("mode", "submit"),),
        keyed=True,
        result=m.Command,
    ),
    "market.switch_group_dry_run": Operation(
        method="POST",
        path="/v1/transfer-groups/{group}/switches",
        scope="update",
        fixed=(("mode", "dry_run"),),
        keyed=True,
        result=m.Judged,
    ),
    "market.switch_group_prepare": Operation(
        method="POST",
        path="/v1/transfer-groups/{group}/switches",
        scope="update",
        fixed=(("mode", "prepare"),),
        keyed=True,
        result=m.ToBeSigned,
    ),
    "events.list": Operation(
        method="GET", path="/v1/events", scope="reference", result=m.EventPage
    ),
    "events.stream": Operation(
        method="GET", path="/v1/events/stream", scope="reference", result=m.Event, stream=True
    ),
    "audit.entries": Operation(
        method="GET", path="/v1/audit/entries", scope="reference", result=m.AuditEntryPage
    ),
    "audit.day": Operation(
        method="GET", path="/v1/audit/days/{day}", scope="reference", result=m.AnchoredDay
    ),
    "reasons.table": Operation(method="GET", path="/v1/reasons", result=m.Reasons),
    "webhooks.list": Operation(
        method="GET", path="/v1/webhooks", scope="reference", result=tuple[m.Webhook, ...]
    ),
    "webhooks.register": Operation(
        method="POST", path="/v1/webhooks", scope="update", keyed=True, result=m.WebhookWithSecret
    ),
    "webhooks.get": Operation(
        method="GET", path="/v1/webhooks/{webhook}", scope="reference", result=m.Webhook
    ),
    "webhooks.change": Operation(
        method="PATCH", path="/v1/webhooks/{webhook}", scope="update", keyed=True, result=m.Webhook
    ),
    "webhooks.delete": Operation(
        method="DELETE", path="/v1/webhooks/{webhook}", scope="update", keyed=True
    ),
    "webhooks.rotate_secret": Operation(
        method="POST",
        path="/v1/webhooks/{webhook}/secret",
        scope="update",
        keyed=True,
        result=m.WebhookWithSecret,
    ),
    "webhooks.deliveries": Operation(
        method="GET",
        path="/v1/webhooks/{webhook}/deliveries",
        scope="reference",
        result=m.DeliveryPage,
    ),
    "webhooks.replay": Operation(
        method="POST",
        path="/v1/webhooks/{webhook}/replay",
        scope="update",
        keyed=True,
        result=m.Replay,
    ),
}
