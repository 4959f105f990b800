"""The record of what stands where, one file per chain.

given a deployment
├── when it is saved and loaded: it should be the same, products included
├── when saving is interrupted: the old file should stay, and nothing else be left
├── when there is none for the chain: it should be a fault that names the chain and the file
├── when the file is not a record: it should be a fault, whatever is wrong with it
└── when the file is of another chain: it should be a fault
given a node
├── when it serves the chain of the record: nothing
└── when it serves another chain, or the same id begun anew: it should be a fault
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.chain import PRODUCT, Stage

from genbo.chain import deployments
from genbo.chain.embedded import EmbeddedNode
from genbo.governance import Duty
from genbo.kernel import Fault, ProductId, Reason, Refusal


def test_saved__loads_the_same(stage: Stage, tmp_path: Path) -> None:
    path = deployments.save(stage.deployment, tmp_path / "deep" / "er")
    assert path.name == f"{stage.node.chain_id}.json"
    loaded = deployments.load(path.parent, stage.node.chain_id)
    assert loaded == stage.deployment
    assert loaded.safe_of(Duty.ISSUER) == stage.deployment.safes["issue"]
    assert loaded.token_of(PRODUCT).address == stage.token.address
    assert path.stat().st_mode & 0o777 == 0o644


def test_saved__is_readable_text(stage: Stage, tmp_path: Path) -> None:
    raw = json.loads(deployments.save(stage.deployment, tmp_path).read_text("utf-8"))
    assert raw["chain_id"] == stage.node.chain_id
    issue = stage.deployment.safes["issue"]
    assert raw["safes"]["issue"]["duties"] == [duty.name for duty in issue.duties]
    assert "ISSUER" in raw["safes"]["issue"]["duties"]
    assert raw["operators"]["STOPPER"] == list(stage.parameters.operators[Duty.STOPPER])
    assert raw["tokens"][PRODUCT]["address"] == stage.token.address


def test_product_unknown__is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal) as refused:
        stage.deployment.token_of(ProductId("P9"))
    assert refused.value.reason is Reason.PRODUCT_UNKNOWN
    with pytest.raises(KeyError):
        stage.deployment.safe_of(Duty.STOPPER)


def test_save__interrupted__leaves_the_old_file(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deployments.save(stage.deployment, tmp_path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        deployments.save(replace(stage.deployment, first_block=7), tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_load__none__names_chain_and_file(tmp_path: Path) -> None:
    with pytest.raises(Fault) as missing:
        deployments.load(tmp_path, 1337)
    assert missing.value.reason is Reason.DEPLOYMENT_MISSING
    assert missing.value.facts == {"chain_id": 1337, "file": str(tmp_path / "1337.json")}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "not json",
        lambda _: "[]",
        lambda _: "{}",
        lambda raw: json.dumps({**raw, "format": 99}),
        lambda raw: json.dumps({**raw, "safes": 5}),
        lambda raw: json.dumps({**raw, "operators": {"EMPEROR": []}}),
        lambda raw: json.dumps({**raw, "surprise": 1}),
        lambda raw: json.dumps({key: raw[key] for key in raw if key != "platform"}),
    ],
)
def test_load__no_record__is_a_fault(stage: Stage, tmp_path: Path, spoil: Any) -> None:
    path = deployments.save(stage.deployment, tmp_path)
    path.write_text(spoil(json.loads(path.read_text("utf-8"))), "utf-8")
    with pytest.raises(Fault) as broken:
        deployments.load(tmp_path, stage.node.chain_id)
    assert broken.value.reason is Reason.FILE_UNREADABLE
    assert broken.value.facts["file"] == str(path)


def test_load__bytes_that_are_no_text__is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "1337.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Fault) as broken:
        deployments.load(tmp_path, 1337)
    assert broken.value.reason is Reason.FILE_UNREADABLE


def test_load__renamed_from_another_chain__is_a_fault(stage: Stage, tmp_path: Path) -> None:
    deployments.save(stage.deployment, tmp_path).rename(tmp_path / "5.json")
    with pytest.raises(Fault) as other:
        deployments.load(tmp_path, 5)
    assert other.value.reason is Reason.CHAIN_MISMATCH


def test_same_chain__is_told_by_id_and_by_its_first_block(stage: Stage) -> None:
    deployments.require_same_chain(stage.deployment, stage.node)
    anew = EmbeddedNode(genesis_at=datetime(2021, 8, 10, tzinfo=UTC))
    anew.advance_to(datetime(2021, 8, 11, tzinfo=UTC))
    empty = EmbeddedNode(genesis_at=datetime(2021, 8, 10, tzinfo=UTC))
    other = EmbeddedNode(genesis_at=datetime(2021, 8, 10, tzinfo=UTC), chain_id=1337)
    for node in (anew, empty, other):
        with pytest.raises(Fault) as mismatch:
            deployments.require_same_chain(stage.deployment, node)
        assert mismatch.value.reason is Reason.CHAIN_MISMATCH
