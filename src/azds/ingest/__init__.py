"""From source text to records: pure, deterministic, blind to files and Arrow.

bytes → source (`source`) → blocks (`readers`, one for each style) → records
with evidence, and rejections (`extractors`, one for each table). `extract` runs
them all.
"""
