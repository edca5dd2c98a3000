"""Groups by their numbers: conversations with a name, a capacity, and somebody in charge."""
