"""The young person's own pages about guardians."""
