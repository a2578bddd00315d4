"""What every check here installs."""

import built
import pytest


@pytest.fixture(scope="session")
def wheels():
    """The wheel of every distribution, by name."""
    return built.wheels()
