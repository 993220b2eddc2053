"""The diff of tables that no one machine holds, by Apache Spark (extra ``spark``).

Floor 7, above `release`: no floor below asks for it, and all else works without Spark.
"""

import importlib
from typing import TYPE_CHECKING

from azds.spark.session import require_spark

if TYPE_CHECKING:  # an extra; at run time `__getattr__` loads what is asked for
    from azds.spark.diffing import diff
    from azds.spark.mirrors import open_store
    from azds.spark.releases import Release, is_release, open_release
    from azds.spark.result import SparkDiff

__all__ = ["Release", "SparkDiff", "diff", "is_release", "open_release", "open_store"]

_HOME = {
    "Release": "releases",
    "SparkDiff": "result",
    "diff": "diffing",
    "is_release": "releases",
    "open_release": "releases",
    "open_store": "mirrors",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for.

    Raises:
        RefusedError: `missing-extra`, without PySpark.
    """
    if name not in _HOME:
        msg = f"module 'azds.spark' has no attribute {name!r}"
        raise AttributeError(msg)
    require_spark()
    found: object = getattr(importlib.import_module(f"azds.spark.{_HOME[name]}"), name)
    globals()[name] = found
    return found
