"""One writer per format. Reports know no browser and no rule: everything that they print comes from a ``Result``."""
