"""The door for a forum's own report button."""
