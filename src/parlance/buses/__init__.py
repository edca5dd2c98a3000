"""How the servers of one installation tell each other what has happened."""
