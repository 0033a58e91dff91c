"""Data sets: named ones that are generated, tables of one's own, and how either is prepared for training."""

# Importing a family of data sets registers its entries; the catalogue lists them in this order.
from core.datasets import functions, planes, regression  # noqa: F401
from core.datasets.csv_table import (
    DELIMITERS,
    MAXIMUM_COLUMNS,
    MAXIMUM_TABLE_CLASSES,
    Column,
    CsvTable,
    choose,
    read_csv,
)
from core.datasets.entry import DATASETS, MAXIMUM_CLASSES, MAXIMUM_ROWS, DataSource
from core.datasets.names import check_names, is_column_name
from core.datasets.preparation import MAXIMUM_TEST_SHARE, prepared, unprepared

__all__ = [
    "DATASETS",
    "DELIMITERS",
    "MAXIMUM_CLASSES",
    "MAXIMUM_COLUMNS",
    "MAXIMUM_ROWS",
    "MAXIMUM_TABLE_CLASSES",
    "MAXIMUM_TEST_SHARE",
    "Column",
    "CsvTable",
    "DataSource",
    "check_names",
    "choose",
    "is_column_name",
    "prepared",
    "read_csv",
    "unprepared",
]
