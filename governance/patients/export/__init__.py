"""Everything that is held about a person, in one file for programs and one for people."""
