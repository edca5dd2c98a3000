"""What every bus does, whatever carries it."""
