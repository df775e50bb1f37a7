"""Work for later, written in the transaction that wants it and done at least once: the outbox and its worker."""
