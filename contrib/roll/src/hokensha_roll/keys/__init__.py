"""Situation keys of a whole roll: as polars expressions, and what they come to."""
