"""Rules of the principle robust."""
