"""The counter for platforms: decisions, opt-out status, communities."""
