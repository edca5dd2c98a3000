"""Apps, their keys, and the tokens of their clients."""
