"""What writes: stored in each manifest. Parquet bytes depend on it, content digests do not."""

import pyarrow as pa

from azds._version import __version__

__all__ = ["WRITER"]

WRITER = {"azds": __version__, "pyarrow": pa.__version__}
"""The versions of the programs that write."""
