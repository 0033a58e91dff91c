"""`python3 -m tests`: run every test, setting the project up first; arguments go on to pytest."""

import sys

from app import bootstrap

if __name__ == "__main__":
    bootstrap.ensure("tests", sys.argv[1:])
    import pytest

    sys.exit(pytest.main(sys.argv[1:]))
