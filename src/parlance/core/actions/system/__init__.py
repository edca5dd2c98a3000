"""What an app itself says to its people."""
