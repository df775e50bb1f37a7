"""What protects at once: blocks, an emergency view, a mark on an account; and what our own records know of a pair."""
