"""Patients in an open conversation are told when messaging pauses; never why, nor with whom."""
