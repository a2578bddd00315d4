"""The kinds of rules, documents, hooks, decisions: nouns, and how plugins write them down."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
