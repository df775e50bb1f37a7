"""An app of a forum on Django."""
