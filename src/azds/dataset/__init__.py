"""What users hold: Store, Dataset, Snapshot, Table, Diff; and `build`, which makes datasets.

Nothing is imported here, so that opening a store stays cheap; `azds` names what is public.
"""
