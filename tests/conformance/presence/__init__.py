"""Who is connected, and in which rooms, wherever they are connected."""
