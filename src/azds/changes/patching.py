"""All that is done with patches: made, applied, turned round, composed, checked.

The laws (`tests/laws/test_patches.py`): apply(a, make(a, b)) is b; make(a, a) is empty;
invert(make(a, b)) is make(b, a); compose(make(a, b), make(b, c)) is make(a, c). Pure: it
computes no digest and touches no file.
"""

from azds.changes.applying import apply_patch
from azds.changes.composing import compose, compose_all
from azds.changes.fitting import Lenient, apply_leniently, check_columns, check_fits, conflicts
from azds.changes.making import invert, make_patch, same_patch

__all__ = [
    "Lenient",
    "apply_leniently",
    "apply_patch",
    "check_columns",
    "check_fits",
    "compose",
    "compose_all",
    "conflicts",
    "invert",
    "make_patch",
    "same_patch",
]
