"""The life of a forum here: tried out, live, suspended, ended; and the probe's reports on which that rests."""
