"""Doors of the verifier's desk."""
