"""The commands ``hokensha run`` and ``hokensha forecast``."""
