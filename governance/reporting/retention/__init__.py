"""For how long reports are kept: parts go one after another, a hold stops it, two people may end it sooner."""
