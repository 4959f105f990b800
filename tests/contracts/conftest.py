"""The stage and its people, as fixtures. Every test begins with the product as it was offered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.contracts.actors import Person, TwoPersons
from tests.contracts.handle import Handle
from tests.contracts.stage import DUE, Stage

# Their comparisons explain themselves, too.
pytest.register_assert_rewrite("tests.contracts.machine", "tests.contracts.anybody")


@pytest.fixture(scope="session")
def _built() -> Stage:
    return Stage()


@pytest.fixture
def stage(_built: Stage) -> Iterator[Stage]:
    """As offered; whatever a test does is taken back."""
    _built.take_back_to(_built.offered)
    yield _built
    _built.take_back_to(_built.offered)


@pytest.fixture
def unissued(stage: Stage) -> Stage:
    """Complete and open, and nothing issued yet."""
    stage.take_back_to(stage.unissued)
    return stage


@pytest.fixture
def ready(stage: Stage) -> Stage:
    """Every function of every contract would succeed for whoever holds its duty."""
    stage.take_back_to(stage.ready)
    return stage


@pytest.fixture
def redemption_day(stage: Stage) -> int:
    """It is the first second of the redemption date."""
    stage.advance_to(DUE)
    return DUE


@pytest.fixture
def token(stage: Stage) -> Handle:
    return stage.token


@pytest.fixture
def platform(stage: Stage) -> Handle:
    return stage.platform


@pytest.fixture
def issuer(stage: Stage) -> TwoPersons:
    """ISSUER and PRODUCT_CREATOR."""
    return stage.issuer


@pytest.fixture
def repairer(stage: Stage) -> TwoPersons:
    """REPAIRER and TRANSFER_CONTROLLER."""
    return stage.repairer


@pytest.fixture
def releaser(stage: Stage) -> TwoPersons:
    """RELEASER and RESTRICTOR."""
    return stage.releaser


@pytest.fixture
def resumer(stage: Stage) -> TwoPersons:
    return stage.resumer


@pytest.fixture
def admin(stage: Stage) -> TwoPersons:
    return stage.admin


@pytest.fixture
def distributor(stage: Stage) -> Person:
    return stage.distributor


@pytest.fixture
def restrictor(stage: Stage) -> Person:
    return stage.restrictor


@pytest.fixture
def stopper(stage: Stage) -> Person:
    return stage.stopper


@pytest.fixture
def market_operator(stage: Stage) -> Person:
    return stage.market_operator


@pytest.fixture
def beneficiary(stage: Stage) -> Person:
    """The initial beneficiary: 1,000 units left."""
    return stage.beneficiary


@pytest.fixture
def ann(stage: Stage) -> Person:
    """A verified holder of 2 units."""
    return stage.ann


@pytest.fixture
def bob(stage: Stage) -> Person:
    """A verified holder of 51 units."""
    return stage.bob


@pytest.fixture
def corp(stage: Stage) -> Person:
    """A verified corporate holder of 400 units."""
    return stage.corp


@pytest.fixture
def stranger(stage: Stage) -> Person:
    """Never judged, no units, no duty."""
    return stage.stranger


@pytest.fixture
def spare(stage: Stage) -> Person:
    """A key nobody has used."""
    return stage.spare
