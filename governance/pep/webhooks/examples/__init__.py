"""Receivers of hints in three languages, each a whole program: copy one."""
