"""The life of a forum."""
