"""What registers say of themselves: as a file that is dropped here, or number by number over HTTP."""
