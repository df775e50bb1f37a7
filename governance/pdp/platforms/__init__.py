"""The life of a forum as its operator and our staff go through it: step by step, and out of it again."""
