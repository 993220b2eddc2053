"""Write `tests/faults/fixtures/`: for each code of `azds verify` a damaged store that shows it.

Run `python -m tests.faults.make_fixtures` at the root of the project, with azds installed.
"""

import json
import shutil
import sys
from pathlib import Path

from tests.faults.damages import DAMAGES, Damage

__all__ = ["EXPECTED", "FIXTURES", "make"]

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = "expected.json"


def make(code: str, folder: Path) -> Damage:
    """Write the fixture of a code to a new folder: `store/` and what is to be said of it."""
    damage = DAMAGES[code]
    damage.does(damage.begins(folder / "store"))
    document = {
        "faults": [list(fault) for fault in damage.says],
        "quick": [list(fault) for fault in damage.says_quickly],
        "empty folders": list(damage.folders),
        "refused by the system": damage.refuses,
    }
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (folder / EXPECTED).write_text(f"{text}\n", encoding="utf-8")
    return damage


def main() -> None:
    """Write all of them anew."""
    shutil.rmtree(FIXTURES, ignore_errors=True)
    for code in DAMAGES:
        make(code, FIXTURES / code)
    sys.stdout.write(f"{len(DAMAGES)} fixtures in {FIXTURES}\n")


if __name__ == "__main__":
    main()
