"""Who asked about whom, and what was answered: written in groups beside the requests, pseudonymous, for a time."""
