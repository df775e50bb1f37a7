"""What a patient asks staff for by phone or on paper; it closes, and never opens."""
