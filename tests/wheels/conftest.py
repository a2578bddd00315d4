"""The wheels that every check here installs, built once."""

import built
import pytest


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """The wheel of every distribution, by name."""
    return built.build(tmp_path_factory.mktemp("dist"))
