"""Doors of the desk around one person: all they hold, proofs of control, places of work."""
