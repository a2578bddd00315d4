"""A health insurer's rules after the health insurance card.

What most need is here; each room below has the rest. A name is imported when it is first asked for, so that
``import hokensha`` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
