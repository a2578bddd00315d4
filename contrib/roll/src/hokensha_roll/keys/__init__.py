"""A roll's rows by their situations: what each of them comes to."""
