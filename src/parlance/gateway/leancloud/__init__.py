"""The socket front for LeanCloud's official clients, and the address at which they ask for it."""
