"""Platforms at our own OAuth server: their secrets and keys, and the tokens they get."""
