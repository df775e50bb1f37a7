"""What happened: the append-only log, the decision and exposure log, the outbox and its worker."""
