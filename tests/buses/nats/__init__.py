"""What servers write to each other, and what they make of it."""
