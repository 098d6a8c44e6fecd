"""Runs every measurement once, one after the other, and prints the table of bench/README.md."""

import os
import platform
import sys

from bench import (
    bringing,
    console,
    duplicates,
    imports,
    in_step,
    invitations,
    lists,
    ordering,
    programme,
    seats,
    together,
)

HEAD = ("what", "ours", "beside, in the same run", "ratio")
ALL = (imports, bringing, duplicates, ordering, in_step, invitations, programme, lists, seats, console, together)


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(f"| {' | '.join(HEAD)} |\n|---|---|---|---|")
    for measured in ALL:
        for row in measured.rows():
            print(f"| {' | '.join(row)} |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
