"""Who works here: where they sign in, what they are trusted with, when they end."""
