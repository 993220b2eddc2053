"""A new dataset of one's own: its folder, and what is declared of its tables."""

from collections.abc import Iterable, Mapping

from azds.dataset.own_tables import OwnDeclaration, render_own, to_declaration
from azds.records import Record, table_schema
from azds.store import port
from azds.store.folder import DatasetFolder, StoreFolder
from azds.store.names import DATASET_FILE

__all__ = ["declare"]


def declare(
    store: StoreFolder,
    name: str,
    types: Iterable[type[Record]],
    title: str,
    origin: Mapping[str, str],
) -> DatasetFolder:
    """Make the dataset's folder, and write down the tables of these record types.

    Raises:
        InvalidInputError: `bad-name`, `type-unsupported`, `key-type`.
        ExistsError: `dataset-exists`.
    """
    schemas = [table_schema(record) for record in types]
    declared = OwnDeclaration(
        title=title or name,
        origin=dict(origin),
        tables={one.name: to_declaration(one, follows_data=False) for one in schemas},
    )
    folder = store.create(name)
    port.replace_file(folder.path / DATASET_FILE, render_own(declared).encode())
    return folder
