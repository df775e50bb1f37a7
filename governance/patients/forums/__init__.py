"""One patient on several forums: joining two accounts to one record, parting them, and what forums tell of accounts."""
