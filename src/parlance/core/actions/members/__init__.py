"""Who comes into a conversation and who goes."""
