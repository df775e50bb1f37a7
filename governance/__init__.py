"""Lets patients decide how health-care professionals may be involved in what they write on forums."""
