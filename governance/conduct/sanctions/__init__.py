"""What officers do when a rule was broken: warn, close actions, suspend, remove; with reasons, a review, an appeal."""
