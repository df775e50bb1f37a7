"""Proof of the decision: an oracle of its own, generated worlds, laws, broken variants, mutants."""
