"""An app that comes from elsewhere brings its people, its conversations and what was said in them."""
