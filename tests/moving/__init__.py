"""An installation on its way: moved, saved and brought back."""
