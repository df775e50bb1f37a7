"""Links by which a forum that is no provider brings its members here."""
