"""Who made a report: sealed apart, released by a custodian to an officer who says why."""
