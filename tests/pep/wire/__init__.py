"""What a replica is sent, read and written."""
