"""What cases come to in a year, for everybody to read, so that nobody can be found in it."""
