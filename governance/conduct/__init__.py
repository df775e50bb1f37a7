"""Procedure 3, conduct rules: professionals prove who they are and accept the rules before they may do anything."""
