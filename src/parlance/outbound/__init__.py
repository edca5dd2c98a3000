"""Services that others run, as this server calls them: adapters of the ports in `core/ports/`."""
