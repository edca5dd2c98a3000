"""The socket front: protocol events become actions, events of the core become frames."""
