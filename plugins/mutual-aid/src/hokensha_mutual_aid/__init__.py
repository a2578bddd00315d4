"""The rules of mutual aid associations (共済組合): what each policy in ``presets`` chooses from."""

from hokensha_mutual_aid.rules import plugin

__all__ = ["plugin"]
