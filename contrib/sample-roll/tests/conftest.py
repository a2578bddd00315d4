"""What the tests of rolls share."""

from tiny import _everything_imported, _site, _tiny, bench, shared_bench

__all__ = ["_everything_imported", "_site", "_tiny", "bench", "shared_bench"]
