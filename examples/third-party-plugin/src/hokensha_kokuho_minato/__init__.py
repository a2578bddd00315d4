"""National health insurance (国保) of the city of Minato, which does not exist."""

from hokensha_kokuho_minato.rules import plugin

__all__ = ["plugin"]
