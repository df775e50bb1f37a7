"""What people tell staff by phone or on paper, filed as if they had told it themselves."""
