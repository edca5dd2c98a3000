"""Opening, changing, finding and ending conversations."""
