"""What `import azds` offers, and what it does not load until it is asked for."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import azds

HEAVY = ("click", "deepdiff", "numpy", "pandas", "polars", "pyarrow", "pydantic", "rich")
LOADED = """
import json, sys
sys.argv = ["azds"]
def loaded():
    return [name for name in {heavy} if name in sys.modules]
found = {{}}
{steps}
print(json.dumps(found))
"""


def loaded_after(tmp_path: Path, **steps: str) -> dict[str, list[str]]:
    """Which heavy modules are loaded after each of these steps, in a process of its own."""
    lines = "\n".join(f"{code}\nfound[{name!r}] = loaded()" for name, code in steps.items())
    program = LOADED.format(heavy=HEAVY, steps=lines)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=tmp_path
    )
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_all_is_sorted() -> None:
    assert azds.__all__ == sorted(azds.__all__)


@pytest.mark.parametrize("name", azds.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(azds, name) is not None


def test_what_readers_see_is_what_is_loaded() -> None:
    """The names that type checkers read are those that `__getattr__` finds, from one place."""
    tree = ast.parse(Path(azds.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted([*told, "__version__"]) == azds.__all__
    for name, (module, original) in told.items():
        assert getattr(azds, name) is getattr(sys.modules[str(module)], original), name


def test_dir_tells_the_public_names() -> None:
    assert dir(azds) == azds.__all__


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        azds.opne  # noqa: B018 - asking is the test


def test_importing_azds_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded_after(tmp_path, imported="import azds") == {"imported": []}


def test_the_library_loads_no_more_than_the_work_needs(tmp_path: Path) -> None:
    """To open a store loads nothing; tables load pyarrow; only records load pydantic."""
    found = loaded_after(
        tmp_path,
        opened="import azds; article = azds.open()['foreign-relations']",
        revisions="[(r.label, r.date, r.coverage) for r in article.revisions]",
        series="article.series('diplomatic_relations').to_document()",
        diff="d = article.diff('2016', 'current'); bool(d), d.headlines, d.to_json(), d.to_arrow()",
        history="article.history('relations', 'BLR').to_document()",
        quote="article['2016'].quote('relations', 'BLR')",
        check="article.check()",
        stacked="article.table('relations')",
        flat="article['2016']['relations'].to_flat()",
        record="article['2016']['relations']['BLR']",
    )
    assert found.pop("opened") == []
    assert found.pop("revisions") == []
    assert found.pop("record") == ["numpy", "pyarrow", "pydantic"]
    assert {tuple(names) for names in found.values()} == {("numpy", "pyarrow")}, found


@pytest.mark.parametrize(
    ("command", "loads"),
    [
        ("log", {"click"}),
        ("series diplomatic_relations", {"click", "numpy", "pyarrow"}),
        ("diff 2016 current", {"click", "numpy", "pyarrow"}),
        ("diff 2016 current --format json", {"click", "numpy", "pyarrow"}),
        ("diff 2016 interim --format csv", {"click", "numpy", "pyarrow"}),
    ],
)
def test_a_command_loads_no_more_than_its_work_needs(
    tmp_path: Path, command: str, loads: set[str]
) -> None:
    step = f"from azds.cli import run; assert run({command.split()!r}) == 0"
    assert set(loaded_after(tmp_path, command=step)["command"]) == loads


def test_the_version_is_that_of_the_installed_package() -> None:
    assert azds.__version__.count(".") == 2
