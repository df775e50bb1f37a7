"""Checks of policy records, one module per procedure; each is a table of shapes and a table of rules."""
