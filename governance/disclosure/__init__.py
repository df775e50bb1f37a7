"""Procedure 1, risk disclosure: patients are told of risks, benefits and good practice, in words they understood."""
