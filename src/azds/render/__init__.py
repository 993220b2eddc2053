"""Values to words: pages as data, written as text or markdown. Pure; no terminal, no files."""
