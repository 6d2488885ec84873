"""Definitions: read from files with their shared fragments, and published on record.

Records are the truth about what is published; files seed them, and a published version never changes.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from pathway_model.language.definition import Definition
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import Reading, read
from records import definitions
from records.engine import reading, writing
from use_cases.errors import ConflictError, InputError
from use_cases.plain_words import in_plain_words

SHARED: Final = "shared"
"""Folder of fragments, beside the folders of the pathways."""

MOST_BYTES: Final = 4_000_000
"""No pathway is as long; a file that is was named by mistake."""


def read_definition(file: Path) -> Reading:
    """Read a definition with the shared fragments beside it.

    Raises:
        InputError: The file cannot be read as text.
    """
    return read(read_text(file), str(file), load_fragments(file))


def load_fragments(file: Path) -> Mapping[str, FragmentSource]:
    """The fragment files that a definition may use, by name and version: `shared/standard-1.yaml` is `standard 1`.

    They are looked for in the folder `shared` beside the file, and beside the folder that it is in.

    Raises:
        InputError: One cannot be read as text.
    """
    folder = file.resolve().parent
    found: dict[str, FragmentSource] = {}
    for shared in (folder / SHARED, folder.parent / SHARED):
        for source in sorted(shared.glob("*.yaml")):
            name, _, version = source.stem.rpartition("-")
            found.setdefault(f"{name} {version}", FragmentSource(file=str(source), text=read_text(source)))
    return found


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        InputError: It cannot be read as text.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.", "Check the path.") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{file} is longer than any pathway.", "Check the path.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8, at byte {error.start}.", "Save it as UTF-8.") from None


def publish_folder(records: Engine, folder: Path, now: datetime) -> tuple[Definition, ...]:
    """Publish the definitions of a folder: `<pathway>/<version>.yaml`; those published already stay as they are.

    Args:
        records: Where.
        folder: Of pathways.
        now: When.

    Returns:
        What is published now of these, in the order of their files.

    Raises:
        InputError: There is none, or one is not sound; the message says how to see why.
        ConflictError: A published version was edited.
    """
    files = sorted(file for file in folder.glob("*/*.yaml") if file.parent.name != SHARED)
    if not files:
        raise InputError(f"There are no pathways in {folder}.", "Set HANDRAIL_PATHWAYS to the folder that has them.")
    found = tuple(_sound(file) for file in files)
    with in_plain_words(), writing(records) as session:
        for definition in found:
            definitions.publish(session, definition, now=now)
    return found


def known_pathways(records: Engine) -> tuple[str, ...]:
    """Names of the published pathways."""
    with in_plain_words(), reading(records) as session:
        return tuple(dict.fromkeys(each.name for each in definitions.published(session)))


def _sound(file: Path) -> Definition:
    read_in = read_definition(file)
    if read_in.definition is None:
        raise ConflictError(f"{file} is not sound.", f"`handrail check {file}` says why.")
    return read_in.definition
