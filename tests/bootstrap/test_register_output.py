"""x"""
from __future__ import annotations
from pathlib import Path
from datetime import UTC, datetime, timedelta
import pytest
from tests.storage.builders import new_investor
from tests.support.chain import GENESIS
from tests.support.office import PRODUCT, Firm, found_firm
from genbo.bootstrap.people import open_accounts, register_investors
from genbo.bootstrap.register_output import *
from genbo.chain.embedded import EmbeddedNode
from genbo.governance.inspection import inspection_request
from genbo.kernel import *
from genbo.storage.engine import Database
from genbo.compliance.reasons import Language

def test_x(database: Database, tmp_path: Path) -> None:
    firm = found_firm(EmbeddedNode(genesis_at=GENESIS), database, tmp_path)
    office = firm.office
    new = [new_investor(f"IV-{number}") for number in range(3)]
    register_investors(office, new, [], by="registrar-1")
    firm.verify([0, 1, 2])
    open_accounts(office, PRODUCT, {each.investor.investor_id: firm.address(n) for n, each in enumerate(new)}, by="x")
    firm.issue(10)
    for _ in office.distribute(PRODUCT, firm.allotment([1], 7), ref=Reference("D-1")):
        pass
    asker = Asker(by="u", at=datetime(2022,1,1,tzinfo=UTC))
    for ext in (Extent.FULL, Extent.REDUCED):
      for form in Form:
        i = issue_register(office, PRODUCT, as_of=None, extent=ext, form=form, language=Language.JA, request=inspection_request(requester="X", reason="test"), asker=asker)
        j = issue_register(office, PRODUCT, as_of=None, extent=ext, form=form, language=Language.JA, request=inspection_request(requester="X", reason="test"), asker=asker)
        assert i.content == j.content
        Path(f"/tmp/typ/out-{ext}.{form}").write_bytes(i.content)
    office.close()
