"""Thin signed hints to addresses of forums: that there is something new, never what."""
