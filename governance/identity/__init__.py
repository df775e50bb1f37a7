"""Who asks: OIDC sign-in of people through their forum, OAuth tokens for platforms, one permission table."""
