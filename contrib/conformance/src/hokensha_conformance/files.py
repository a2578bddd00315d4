"""What the files are called by which a plugin is examined."""

FILE = "hokensha-conformance.toml"
"""Says which plugin is examined."""
DEVIATIONS = "hokensha-deviations.toml"
"""Declares, beside it, which checks the plugin is known not to pass."""
