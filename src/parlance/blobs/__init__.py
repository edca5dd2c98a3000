"""Where file bytes lie."""
