"""The Deltaboard server: the REST API and the page around the numeric core."""

__version__ = "0.1.0"
