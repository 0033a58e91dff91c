"""Settings for all tests: as the server does, one thread for numpy, set before it is imported."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
