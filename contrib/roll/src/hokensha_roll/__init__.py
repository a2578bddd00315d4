"""An insurer's whole roll at once.

What other distributions need is here. A name is imported when it is first asked for, so that the command line
can say its help without polars, and SQL alone (``key_columns``, ``refused_columns``) needs the extra ``sql``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
