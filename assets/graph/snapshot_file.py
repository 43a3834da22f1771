"""A loaded graph as one file that every worker maps into memory instead of loading it again.

Header line of JSON, then the arrays, each on a 64-byte boundary. Written aside, then moved into place.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from assets.graph.csr import Adjacency, CsrGraph, Groups, edit_flags
from assets.graph.dependency_graph import DependencyGraph

FORMAT = "raceway-graph-1"
_HEADER_BYTES = 4096
_ALIGNMENT = 64


class UnreadableSnapshot(Exception):  # noqa: N818  (the caller loads from the database instead)
    """The file is not a complete snapshot of this format."""


def write_snapshot(path: Path, graph: DependencyGraph, origin: Mapping[str, str]) -> None:
    """Write the graph's arrays; `origin` says which state of which database they show.

    Edits in the overlay are not part of a snapshot: write one from a freshly loaded graph.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            _write(file, graph.csr, origin)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write(file: BinaryIO, csr: CsrGraph, origin: Mapping[str, str]) -> None:
    arrays: list[npt.NDArray[Any]] = [csr.ids, *csr.dependents, *csr.providers, *csr.groups]
    layout: list[tuple[str, int, int]] = []
    place = _HEADER_BYTES
    for array in arrays:
        layout.append((array.dtype.str, place, len(array)))
        place += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = {"format": FORMAT, "origin": dict(origin), "arrays": layout, "size": place}
    file.write(json.dumps(header).encode().ljust(_HEADER_BYTES))
    for array, (_, start, _) in zip(arrays, layout, strict=True):
        file.seek(start)
        file.write(np.ascontiguousarray(array).data)
    file.truncate(place)


def read_snapshot(path: Path) -> tuple[DependencyGraph, Mapping[str, str]]:
    """Map a snapshot into memory; return the graph and its origin.

    Raises FileNotFoundError or UnreadableSnapshot.
    """
    header = _header(path)
    memory = np.memmap(path, np.uint8, "r")
    if len(memory) != header["size"]:
        raise UnreadableSnapshot(path)
    parts = [
        memory[place : place + count * np.dtype(kind).itemsize].view(kind).view(np.ndarray)
        for kind, place, count in header["arrays"]
    ]
    ids, *rest = parts
    groups = Groups(*rest[8:])
    csr = CsrGraph(
        ids,
        Adjacency(*rest[:4]),
        Adjacency(*rest[4:8]),
        groups,
        edit_flags(len(ids)),
        edit_flags(len(groups.ids)),
    )
    return DependencyGraph(csr), header["origin"]


def _header(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    try:
        header = json.loads(head)
    except ValueError as error:
        raise UnreadableSnapshot(path) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise UnreadableSnapshot(path)
    return header
