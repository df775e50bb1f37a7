"""Procedure 2, opt-out: each patient says who of the health professionals may do what, where and when."""
