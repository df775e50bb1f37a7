"""What forums follow us by: changes, the bundle, and hints that there is something new."""
