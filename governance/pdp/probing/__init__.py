"""Who asks about very many people: closed where it is seen, and counted again, exactly, from the decision log."""
