"""Typed views of the records, one per procedure: what the other rooms read."""
