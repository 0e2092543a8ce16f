"""The port (what a gatherer may ask of a browser), its drivers, and where a browser is found."""
