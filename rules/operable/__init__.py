"""Rules of the principle operable."""
