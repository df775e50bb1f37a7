"""Looks that grow old: who is warned, who is refused, and what somebody has to do."""
