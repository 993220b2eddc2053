# ruff: noqa: INP001 - a script that is run by its path
"""How the time to read hard sentences grows: ``python bench/reactions.py [LONGEST]``.

For each shape of a sentence it prints the seconds that reactions and events
take together, for lengths that double up to LONGEST characters (1,000,000 by
default), and the growth per doubling: about 2 is linear.
"""

import sys
import time
from collections.abc import Callable

from azds.ingest.extractors.events import extract_events
from azds.ingest.extractors.reactions import extract_reactions
from azds.ingest.readers import read_document
from azds.ingest.source import read_source
from azds.ingest.vocabulary import Setting, Vocabulary

PARTIES = Vocabulary(
    sides={"PER": "peru", "CHL": "chile"},
    others={"ARG": "argentina"},
    claimants={"Q34754": "somaliland"},
    allies={"Q34754": "CHL"},
)
PIECES = {
    "one long list": "Malta, [1] Kenya, [2] Japan, [3] ",
    "brackets that never close": "( [ ",
    "ten thousand citation marks": "[7] ",
    "words": "word ",
    "clauses": "condemned Peru and urged both sides, while Malta, ",
    "dates": "on 2 May 2031 and 3 May, ",
    "quotation marks": 'the "so called" peace ',
}
DOUBLINGS = 4


def seconds(piece: str, length: int) -> float:
    """The time to read one sentence of about this length."""
    middle = piece * (length // len(piece))
    text = f"A title.\nMalta {middle} have called for peace. [1]\n"
    document = read_document(read_source(text.encode()), "plain-lines")
    start = time.perf_counter()
    extract_reactions(document, Setting("a crisis", PARTIES))
    extract_events(document)
    return time.perf_counter() - start


def main(longest: int, write: Callable[[str], object]) -> None:
    """Print one line for each shape."""
    lengths = [longest >> step for step in range(DOUBLINGS - 1, -1, -1)]
    write(f"{'sentence of':28}" + "".join(f"{length:>12,}" for length in lengths) + "   growth\n")
    for name, piece in PIECES.items():
        times = [seconds(piece, length) for length in lengths]
        growth = (times[-1] / max(times[0], 1e-9)) ** (1 / (DOUBLINGS - 1))
        write(f"{name:28}" + "".join(f"{t:>11.2f}s" for t in times) + f"{growth:9.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000, sys.stdout.write)
