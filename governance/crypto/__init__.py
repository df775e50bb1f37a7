"""Keys by purpose, keyed look-up of accounts, and sealed fields; all from `cryptography` alone."""
