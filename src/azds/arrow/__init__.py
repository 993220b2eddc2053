"""Records to Arrow and back, and what Arrow tables mean to azds.

`types` has Arrow types in words, `tables` and `keys` the promises of a table,
`equality` says which values are equal and `digest` what a table's content
is, `layout` shows plain buffers to numpy, `kernels` calls Arrow's functions
without `pyarrow.compute`. `rows` is the only mapper between records and tables
(it alone loads pydantic). Pure; nothing here opens a file.
"""
