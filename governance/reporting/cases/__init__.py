"""What officers work on: one case for a report or for several, its states, who may open it, and what was done."""
