"""An insurer's whole roll at once."""
