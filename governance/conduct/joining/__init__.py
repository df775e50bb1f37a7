"""Doors where somebody says that they are a professional."""
