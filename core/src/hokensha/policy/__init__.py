"""Reading, checking and binding an insurer's policy: the only room that opens files."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
