"""What all doors share: the clock, the house, security headers, errors as problems or pages, page base."""
