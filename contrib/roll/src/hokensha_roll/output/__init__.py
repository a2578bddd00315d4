"""A run's files: its tables, and how they take the place of an earlier run's."""
