"""The tests of Deltaboard; `python3 -m tests` runs all of them."""
