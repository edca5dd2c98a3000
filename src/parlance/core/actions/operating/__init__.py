"""Looking after the installation: operators, what they did, how the servers are."""
