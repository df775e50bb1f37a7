"""Doors of the officers' desk."""
