"""The deployment is rehearsed as an operator runs it, on ape's own chain and on a node by URL.

given ape's own chain, at a shell
├── deploy_product should deploy a platform and a product with documents, verify all, and write no record
├── succeed_product should move a product through all four stages
└── verify should find no difference
given a node by URL
├── when nothing was deployed: verify and deploy_product should end with code 2 and one line
├── deploy_platform should write a record that the service reads
├── when signatures are missing: deploy_product should send nothing, and go on when they were brought
├── verify should find no difference; after a change on the chain, name it and end with code 1
├── when the product exists: deploy_product should end with code 1, after completing a record that lacks it
├── when its documents lack: deploy_product should add them, and nothing else
├── deploy_code should bring another version, and leave what stands as it is
├── succeed_product should move a product that is held, stage by stage, each by its person, and once only
└── when the node was started anew: verify should end with code 2
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.chain import ROOT, anvil

from genbo.chain import deployments
from genbo.chain.call import Call
from genbo.chain.contracts.duty_manager import DutyManager
from genbo.chain.contracts.security_token import SecurityToken
from genbo.chain.development import cast, person
from genbo.chain.keys import development_key
from genbo.chain.remote import RemoteNode
from genbo.chain.safe import send_by_safe
from genbo.chain.sender import Sender
from genbo.chain.verify import verify
from genbo.governance import Duty
from genbo.kernel import ProductId, Reference

pytestmark = pytest.mark.slow

PRODUCT = ProductId("SHIBUYA-JINNAN")


# At a shell -----------------------------------------------------------------------------------------


def at_a_shell(home: Path, *arguments: str) -> str:
    """The command as the README writes it, in the checkout."""
    done = subprocess.run(
        [Path(sys.executable).parent / "ape", "run", *arguments, "--deployments", home / "records"],
        cwd=ROOT,
        env={**os.environ, "APE_DATA_FOLDER": str(home / "ape")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (home / "records").exists() or "http" in " ".join(arguments)
    return done.stdout


def test_inside_ape__the_whole_rehearsal(tmp_path: Path) -> None:
    output = at_a_shell(tmp_path, "deploy_product", "--network", "ethereum:local:test")
    assert "renounces ADMIN" in output
    assert output.count("nothing differs") == 3
    assert f"create the token of {PRODUCT}" in output
    assert f"wire the documents of {PRODUCT}" in output


def test_inside_ape__succession(tmp_path: Path) -> None:
    output = at_a_shell(tmp_path, "succeed_product", "--network", "ethereum:local:test")
    assert f"close the product, which goes on as {PRODUCT}.2" in output
    assert f"{PRODUCT} goes on as {PRODUCT}.2" in output
    assert output.count("nothing differs") == 2


def test_inside_ape__verify(tmp_path: Path) -> None:
    assert "0 differences" in at_a_shell(tmp_path, "verify", "--network", "ethereum:local:test")


@pytest.mark.anvil
def test_by_url__at_a_shell(tmp_path: Path) -> None:
    with anvil() as (url, node):
        output = at_a_shell(tmp_path, "deploy_platform", "--network", url)
        assert "nothing differs" in output
        assert deployments.load(tmp_path / "records", node.chain_id).platform in output


# The same commands in this process, where starting ape again and again would cost minutes ------------


@dataclass(frozen=True)
class Site:
    """A node and the folders of its operator."""

    url: str
    node: RemoteNode
    home: Path

    @property
    def records(self) -> Path:
        return self.home / "records"

    def run(self, script: str, *more: str, url: str = "", expect: int = 0) -> str:
        command = importlib.import_module(f"scripts.{script}").cli
        arguments = ["--network", url or self.url, "--deployments", str(self.records), *more]
        if script == "succeed_product":
            arguments += ["--successions", str(self.home / "successions")]
        done = CliRunner().invoke(command, arguments)
        assert done.exit_code == expect, done.output
        return done.output

    def deployment(self) -> deployments.Deployment:
        return deployments.load(self.records, self.node.chain_id)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "ape"))
    monkeypatch.chdir(ROOT)
    with anvil() as (url, node):
        yield Site(url, node, tmp_path)


@pytest.mark.anvil
def test_by_url__the_whole_way(site: Site) -> None:
    for script in ("verify", "deploy_product"):
        output = site.run(script, expect=2)
        assert "deployment_missing: No deployment is recorded for chain 31337" in output

    assert "nothing differs" in site.run("deploy_platform")
    platform_only = site.deployment()
    assert platform_only.tokens == {}
    output = site.run("deploy_product")
    deployment = site.deployment()
    assert deployment.tokens[PRODUCT].address in output
    assert "0 differences" in site.run("verify")
    assert verify(site.node, deployment).value == []
    token = SecurityToken(site.node, deployment.tokens[PRODUCT].address)
    assert token.product().value == PRODUCT
    assert token.supply().value.cap == 1_453

    # A record from before the documents: the product stays, the documents are found and not made again.
    record = deployment.tokens[PRODUCT]
    assert record.documents is not None
    before = site.node.header().stamp
    undocumented = deployment.with_token(PRODUCT, replace(record, documents=None))
    deployments.save(undocumented, site.records)
    assert "record completed" in site.run("deploy_product", expect=1)
    assert site.deployment() == deployment

    assert "product_exists" in site.run("deploy_product", expect=1)
    # A record from before the product: the script was ended in the last moment.
    deployments.save(platform_only, site.records)
    assert "products registered" in site.run("verify", expect=1)
    assert "record completed" in site.run("deploy_product", expect=1)
    assert site.deployment() == deployment
    assert site.node.header().stamp == before

    stranger = development_key(500).address
    _grant(site, deployment, stranger)
    output = site.run("verify", expect=1)
    assert f"differs: STOPPER of {stranger}: expected not held, found held" in output

    with anvil() as (anew, _):
        assert "chain_mismatch" in site.run("verify", url=anew, expect=2)


def _grant(site: Site, deployment: deployments.Deployment, account: str) -> None:
    """Two governors give a duty to somebody whom the parameters do not name."""
    call = DutyManager(site.node, deployment.duty_manager).grant(Duty.STOPPER, account)  # type: ignore[arg-type]
    _by_safe(site, deployment, Duty.ADMIN, call)


@pytest.mark.anvil
def test_by_url__signatures_made_elsewhere(site: Site, tmp_path: Path) -> None:
    site.run("deploy_platform")
    params = tmp_path / "params"
    params.mkdir()
    text = (ROOT / "scripts" / "params" / "node" / "product.yaml").read_text("utf-8")
    text = text.replace("../../../", f"{ROOT}/").replace('"test:1", "test:2", ', '"test:1", ')
    (params / "product.yaml").write_text(text, "utf-8")

    before = site.node.header().stamp
    output = site.run("deploy_product", "--params", str(params), expect=1)
    assert "approvals_too_few" in output
    assert site.node.header().stamp == before
    lacking = [line for line in output.splitlines() if line.startswith("lacks 1 of 2 signatures")]
    assert len(lacking) == 2  # approve the code, create the token: both the Safe of issue-1 and -2

    owner = development_key(2)
    brought = ["approvals:"]
    for line in lacking:
        digest = re.search(r"0x[0-9a-f]{64}$", line)
        assert digest
        signature = owner.sign_digest(bytes.fromhex(digest[0][2:]))
        brought += [f'  "{digest[0]}":', f'    "{owner.address}": "0x{signature.hex()}"']
    (params / "product.yaml").write_text(text + "\n".join(brought) + "\n", "utf-8")
    assert "nothing differs" in site.run("deploy_product", "--params", str(params))
    assert PRODUCT in site.deployment().tokens


@pytest.mark.anvil
def test_by_url__succession(site: Site, tmp_path: Path) -> None:
    site.run("deploy_platform")
    site.run("deploy_product")
    deployment = site.deployment()
    token = SecurityToken(site.node, deployment.tokens[PRODUCT].address)
    holders = [development_key(number) for number in range(100, 104)]
    sender = Sender(site.node)
    until = datetime(2060, 1, 1, tzinfo=UTC)
    mask = token.control().value.permitted_classes
    investor_class = (mask & -mask).bit_length() - 1
    call = token.batch_set_verdict(
        [key.address for key in holders], until=until, investor_class=investor_class
    )
    sender.send(call, by=person("compliance-1"))
    _by_safe(site, deployment, Duty.ISSUER, token.mint(holders[0].address, 1_000))
    others = [key.address for key in holders[1:]]
    call = token.distribute(others, [5, 6, 7], Reference("D-1"))
    sender.send(call, by=person("distribution-1"))
    sender.send(token.freeze(others[0], 3), by=person("compliance-1"))

    # A new version of the code first: what stands keeps its own, what moves gets the new one.
    few = _params_with(tmp_path / "few", '"test:17", "test:18"]', '"test:17"]')
    acts = deployment.acts
    assert "nothing differs" in site.run("deploy_code")
    assert site.deployment().acts != acts == site.deployment().tokens[PRODUCT].acts
    assert "0 differences" in site.run("verify")

    output = site.run("succeed_product", "--step", "test", expect=1)
    assert "statement_missing" in output
    assert "usage" in site.run("succeed_product", expect=2).lower()
    before = site.node.header().stamp
    site.run("succeed_product", "--step", "propose")
    assert "equal, digest" in site.run("succeed_product", "--step", "test")
    assert "statement_missing" in site.run("succeed_product", "--step", "activate", expect=1)
    site.run("succeed_product", "--step", "approve")
    assert site.node.header().stamp == before

    same = _params_with(tmp_path / "same", 'activator: "test:2"', 'activator: "test:17"')
    output = site.run("succeed_product", "--step", "activate", "--params", same, expect=1)
    assert "same_person" in output
    output = site.run("succeed_product", "--step", "activate", "--params", few, expect=1)
    assert "lacks 1 of 2 signatures: wire SHIBUYA-JINNAN.2 to the duties" in output
    assert "approvals_too_few" in output

    output = site.run("succeed_product", "--step", "activate")
    assert "nothing differs" in output
    assert "put" in output
    deployment = site.deployment()
    successor = ProductId(f"{PRODUCT}.2")
    new = SecurityToken(site.node, deployment.tokens[successor].address)
    assert new.acts().value == deployment.acts
    assert new.balances_of(others).value == [5, 6, 7]
    assert new.frozen_units(others[0]).value == 3
    assert "0 differences" in site.run("verify")
    at = site.node.header().stamp
    site.run("succeed_product", "--step", "activate")
    assert site.node.header().stamp == at
    status = site.run("succeed_product", "--step", "status")
    assert f"{PRODUCT} goes on as {successor} at {new.address}: 4 holders, 1,000 units" in status
    output = site.run("succeed_product", "--step", "propose", expect=1)
    assert (
        "statement_invalid: The record of the proposal does not fit: the activation has begun"
        in output
    )


def _params_with(folder: Path, old: str, new: str) -> str:
    """A copy of the parameters with one thing changed."""
    shutil.copytree(ROOT / "scripts" / "params" / "node", folder)
    path = folder / "successor.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return str(folder)


def _by_safe(site: Site, deployment: deployments.Deployment, duty: Duty, call: Call) -> None:
    safe = deployment.safe_of(duty)
    owners = [key for address, (_, key) in cast().items() if address in safe.owners]
    send_by_safe(Sender(site.node), safe.address, call, owners=owners[:2], by=person("deployer"))
