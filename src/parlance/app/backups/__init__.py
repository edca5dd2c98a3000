"""An installation in one file, and an installation made of such a file."""
