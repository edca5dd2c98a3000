"""An operator for every test."""

import pytest

from apis.admin.office import Operator, arrived
from cast import Town


@pytest.fixture
async def ann(town: Town) -> Operator:
    """Ann looks after the town."""
    return await arrived(town)
