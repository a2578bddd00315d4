"""Reading a roll: CSV or Parquet in, batches of columns out.

Its modules import polars; import them where they are used, not where the command line starts. Only
:mod:`hokensha_roll.intake.columns` does without.
"""
