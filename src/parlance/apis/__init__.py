"""REST dialects: siblings, strangers to each other."""
