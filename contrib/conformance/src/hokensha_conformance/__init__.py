"""The conformance kit: whether a plugin, with its policies and cases, does what a plugin has to do.

The kit is a plugin of pytest, which collects files named ``hokensha-conformance.toml``; each check is an
item. Every check has an id that stays, says what it proves and how to mend what it finds.
"""

FILE = "hokensha-conformance.toml"
"""What files are called that say which plugin is examined; here, as pytest's plugin imports little else."""
