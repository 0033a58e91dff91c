"""Tests of the page in a real browser, and the search for one."""
