"""What tests of several distributions share."""

from commands import place
from small import _everything_imported, _rulebook_of, small, small_with

__all__ = ["_everything_imported", "_rulebook_of", "place", "small", "small_with"]
