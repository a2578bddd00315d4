"""What tests of several distributions share."""

from commands import place

__all__ = ["place"]
