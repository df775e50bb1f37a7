"""What a patient says beyond two levels: rules of their own, ready-made answers, help in danger, peers."""
