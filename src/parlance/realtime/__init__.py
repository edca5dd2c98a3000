"""Who is connected here, and what they are told."""
