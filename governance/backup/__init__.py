"""Backups that are proven when they are made, and restores after which nobody reads more than before."""
