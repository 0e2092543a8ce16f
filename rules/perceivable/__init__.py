"""Rules of the principle perceivable."""
