"""Rules of the principle understandable."""
