"""A Spark DataFrame of members: what is owed to each, decided where the data is."""

from hokensha_spark.deciding import Decided, decide

__all__ = ["Decided", "decide"]
