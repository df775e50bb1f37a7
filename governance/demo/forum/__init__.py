"""A small real forum: its own process, database, members and OIDC provider; it knows the service by its kit alone."""
