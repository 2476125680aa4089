"""Hadir: one live picture of the city, and one line from its leader to the field."""
