"""What platforms that decide by themselves are sent: the bundle, the changes since, hints that there are some."""
