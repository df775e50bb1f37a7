"""Browsers that are signed in: what is kept of them here, and how their owner ends them."""
