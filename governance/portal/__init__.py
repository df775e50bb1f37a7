"""The patient's front hall: the way in from a forum, my choices now, hide me, whom to call."""
