"""For those who write plugins: the conformance kit, cases, and new plugins.

The kit is a plugin of pytest, which collects files named ``hokensha-conformance.toml``; each check is an
item. Every check has an id that stays, says what it proves and how to mend what it finds.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
