"""What a running system tells of its nodes.

given two nodes of one chain
├── when they part: it should be told once, with what each says
└── when they agree again: that should be told
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.support.chain import GENESIS

from genbo.bootstrap.house import House
from genbo.chain.embedded import EmbeddedNode
from genbo.chain.endpoints import Endpoints
from genbo.chain.rpc import serve
from genbo.cli.output import Output
from genbo.cli.running import tell_dissents


def test_dissents__come_and_go__are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [EmbeddedNode(genesis_at=GENESIS) for _ in range(2)]
    for number, node in enumerate(nodes):
        node.advance_to(GENESIS + timedelta(seconds=10))
        node.advance_to(GENESIS + timedelta(seconds=20 + number))
    with ExitStack() as stack:
        both = Endpoints([stack.enter_context(serve(node)) for node in nodes])
        stack.callback(both.close)
        house = House(
            node=both,
            database=cast(Any, None),
            vault=cast(Any, None),
            deployments=Path(),
            folder=Path(),
        )
        told = tell_dissents(house, Output(), told=set())
        assert told == set()
        both.agreed(nodes[0].stamp())
        for _ in range(2):
            told = tell_dissents(house, Output(), told=told)
        said = capsys.readouterr().out
        assert said.count("nodes_disagree: The nodes disagree about block 2") == 1
        assert nodes[0].stamp(2).hash in said
        assert nodes[1].stamp(2).hash in said
        nodes[1].revert(nodes[1].stamp(1).hash)
        both.agreed(nodes[0].stamp())
        assert tell_dissents(house, Output(), told=told) == set()
        assert capsys.readouterr().out.strip() == "The nodes agree again."
