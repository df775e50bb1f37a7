"""Proof that a registration is the person's own: what makes A3, which anybody could have looked up, into A4."""
