"""Doors where a professional reads and accepts the rules."""
