"""The rules of the unions of medical care for the late elderly (後期高齢者医療広域連合).

Each hook hands on rules that the modules beside this one declare; a policy sets every figure in them.
"""

from hokensha_late_elderly.rules import plugin

__all__ = ["plugin"]
