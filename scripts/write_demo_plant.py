"""Writes the demonstration plant as CSV files, one per import kind: same code, same bytes.

Usage: python scripts/write_demo_plant.py [--out demo/plant]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo_plant.chapters import whole_plant


def main() -> None:
    """Write the files and say how many rows each holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parent.parent / "demo" / "plant"
    parser.add_argument("--out", type=Path, default=default)
    folder: Path = parser.parse_args().out
    plant = whole_plant()
    plant.write(folder)
    for kind, rows in plant.rows.items():
        print(f"{kind:16} {len(rows):5}")


if __name__ == "__main__":
    main()
