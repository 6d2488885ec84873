"""`python -m tests.faults.locker`: another program that keeps an SQLite database to itself."""

import argparse
import os
import sqlite3


def main() -> None:
    """Lock it, say so, and let go when sent a byte or killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", required=True)
    parser.add_argument("--tell", required=True, type=int)
    parser.add_argument("--hear", required=True, type=int)
    given = parser.parse_args()
    connection = sqlite3.connect(given.file, timeout=60, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    os.write(given.tell, b"locked\n")
    os.read(given.hear, 1)


if __name__ == "__main__":
    main()
