"""A made-up roll of any size: members who do not exist, as an insurer's policy has them in its roll."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
