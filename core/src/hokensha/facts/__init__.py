"""What is known of a member: three states, kinds, identifiers. No fact stands here: plugins declare them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
