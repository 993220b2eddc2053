"""Wikitext rendered: what pairs (`pairs`), what stands in a line (`inline`), what templates show.

Written here rather than taken from a parser because evidence needs the place of
every character, which no kept library gives, and because hostile markup must
take linear time (decision 0040).
"""
