"""The rules of health insurance societies."""

from hokensha_health_society.rules import plugin

__all__ = ["plugin"]
