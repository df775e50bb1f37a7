"""What platforms that decide by themselves are sent."""
