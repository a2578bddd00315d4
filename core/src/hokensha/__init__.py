"""A health insurer's rules after the health insurance card."""
