"""Our JSON socket protocol."""
