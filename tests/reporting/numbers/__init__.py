"""Tests of what is published of cases."""
