"""The command line. It calls the app, never a store."""
