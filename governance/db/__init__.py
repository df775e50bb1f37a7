"""The mapping base, sessions and engines; no room's tables."""
