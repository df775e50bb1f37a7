"""Guardians: who may refuse for a young person, or agree with them, and what nobody but the young person sees."""
