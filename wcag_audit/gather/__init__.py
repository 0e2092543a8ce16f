"""Gatherers: one file per artifact. They record what a page is and does; they never judge."""
