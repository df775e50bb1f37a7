"""The badge: what was checked of a professional, shown beside their name on one forum, and no more than that."""
