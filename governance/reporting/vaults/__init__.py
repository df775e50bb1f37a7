"""The keys of those who read reports: made, opened by a passphrase, recovered, revoked; and who is on duty."""
