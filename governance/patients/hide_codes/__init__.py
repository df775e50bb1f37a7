"""A printed code that hides its owner, without the forum and without signing in."""
