"""Several servers of one installation, as clients see them."""
