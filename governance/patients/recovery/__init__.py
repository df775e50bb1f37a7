"""The way back to one's record when the account or the forum is gone."""
