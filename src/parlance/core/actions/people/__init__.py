"""An app's users."""
