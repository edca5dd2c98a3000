"""Apps that come from elsewhere: their data is fetched, kept in a folder, and brought in."""
