"""Three servers on one PostgreSQL and one NATS, of which everything fails again and again; every promise is kept."""
