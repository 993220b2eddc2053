"""Extractors: one pure function for each table, over blocks, blind to style and subject."""
