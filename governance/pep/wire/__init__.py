"""What a replica is sent: its form in bytes, the digests in it, and how it becomes the facts of the very core (ADR 12).

`keys` turns a forum's own ids into tokens, `bundle` and `changes` read what the service sent, `facts` gives `decide`
what it needs. Standard library only, but for `signatures`: Ed25519 is in none, so it needs the `cryptography` package.
"""
