"""What carries news between servers."""
