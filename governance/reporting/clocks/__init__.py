"""By when what must be done, under several regimes at once, counted in working days where people work."""
