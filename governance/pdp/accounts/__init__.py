"""What forums tell of their accounts."""
