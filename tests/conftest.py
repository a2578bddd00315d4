"""What the tests across distributions share."""

import importlib
import pkgutil

import pytest
from small import _rulebook_of, changed  # noqa: F401 - fixtures

PACKAGES = (
    "hokensha",
    "hokensha_standard",
    "hokensha_health_society",
    "hokensha_late_elderly",
    "hokensha_mutual_aid",
    "hokensha_cli",
    "hokensha_verify",
    "hokensha_conformance",
    "hokensha_roll",
    "hokensha_sample_roll",
)


@pytest.fixture(autouse=True, scope="session")
def _everything_imported():
    """Hypothesis draws constants from imported modules: a lazy import must not change its draws."""
    for name in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
