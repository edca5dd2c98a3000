"""The files of `deploy/`: right in the eyes of their own linters, and true of the program they start."""
