"""What is stored of a report: a header that the server reads, and all else sealed to those who may read it."""
