"""How old a patient is, as far as it closes something: an age band and when it changes, never a birth date."""
