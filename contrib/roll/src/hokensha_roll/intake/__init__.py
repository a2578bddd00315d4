"""Reading a roll: CSV or Parquet in, blocks of columns out.

Its modules import numpy and pyarrow; import them where they are used, not where the command line starts.
"""
