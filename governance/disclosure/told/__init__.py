"""What somebody was told before: a list for the person, every text by its hash for anybody."""
