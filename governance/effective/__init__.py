"""What is in force: each room's fragment, compiled into one row per patient, professional and community."""
