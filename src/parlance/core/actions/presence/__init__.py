"""Coming online, going offline, and who watches."""
