"""A desk of cases that are nobody's, for officers who learn and for the demo."""
