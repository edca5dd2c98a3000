"""Apps that come from elsewhere."""
