"""Doors around what professionals hold, prove, and where they work; for them and for verifiers."""
