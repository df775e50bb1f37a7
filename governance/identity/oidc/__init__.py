"""Sign-in at a provider: where it is, what it answers, what of that is believed. OpenID Connect, by Authlib."""
