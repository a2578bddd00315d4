"""What the tests across distributions share."""

import importlib
import pkgutil

import pytest

import hokensha
import hokensha_health_society
import hokensha_late_elderly
import hokensha_mutual_aid
import hokensha_roll

PACKAGES = (hokensha, hokensha_health_society, hokensha_late_elderly, hokensha_mutual_aid, hokensha_roll)


@pytest.fixture(autouse=True, scope="session")
def _everything_imported():
    """Hypothesis draws constants from imported modules: a lazy import must not change its draws."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
