"""Finite views of facts: the only room in which dates meet facts; situations."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
