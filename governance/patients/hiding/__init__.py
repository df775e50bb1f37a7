"""From when on a person wants their history to be seen."""
