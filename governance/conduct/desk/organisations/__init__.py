"""The desk's pages of organisations: their lists of who works there, shown before they count, and who left."""
