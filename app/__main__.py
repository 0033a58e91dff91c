"""`python3 -m app`: run Deltaboard, setting the project up first where that is needed.

This and what it imports parses on Python 3.8 and needs only the standard library, so that an old or bare
Python gets an answer in words.
"""

import sys

from app import bootstrap, cli

if __name__ == "__main__":
    # --help and a wrong option are answered here, before any set-up.
    arguments = cli.parse(sys.argv[1:], program="python3 -m app")
    bootstrap.ensure("app", sys.argv[1:])
    sys.exit(cli.run(arguments))
