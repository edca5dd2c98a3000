"""Whether what was saved of an app at LeanCloud is here: looked at row by row, and said so that one can sign it."""
