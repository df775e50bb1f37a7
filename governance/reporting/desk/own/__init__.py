"""What an officer does besides cases: looking at measures again, and saying whom they are tied to."""
