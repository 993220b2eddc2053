"""Arrow's compute functions, called by name, without `pyarrow.compute`.

That module makes a wrapper with documentation for each of its 300 functions when it is
imported, which takes longer than a small diff; so do methods of arrays that compute, such as
`take` and `cast`, which import it. What a small diff runs through calls these instead.
"""

from typing import Any

import pyarrow as pa

try:
    from pyarrow import _compute as compute
except ImportError:  # a pyarrow that keeps them elsewhere
    from pyarrow import compute

__all__ = ["cast", "compute", "is_in", "kernel"]


def kernel(name: str, *values: object, options: object = None) -> Any:  # noqa: ANN401 - as the function gives
    """What a compute function gives, by Arrow's own name for it, with options of `compute`.

    >>> kernel("equal", pa.array([1, 2]), pa.array([1, 3])).to_pylist()
    [True, False]
    """
    return compute.call_function(name, list(values), options)


def cast(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> Any:  # noqa: ANN401 - as it came
    """The values in that type, where all fit; as they are where they have it."""
    if values.type == kind:
        return values
    return kernel("cast", values, options=compute.CastOptions.safe(kind))


def is_in(values: pa.Array | pa.ChunkedArray, among: pa.Array) -> Any:  # noqa: ANN401 - as it came
    """Whether each value is one of `among`; null is, where null is."""
    return kernel("is_in", values, options=compute.SetLookupOptions(among))
