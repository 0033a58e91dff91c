"""The session: a specification, what was done since, and the present state, behind one mutable shell."""

from core.datasets import MAXIMUM_TEST_SHARE
from core.session.branches import Branch, ChangeRecord, History, Setting, Span
from core.session.comparison import Difference, RunCurve
from core.session.reports import Divergence, Metrics, StepReport
from core.session.run import Patience, Reason, StopRules, TrainingRun
from core.session.shell import MAXIMUM_STEPS, Session, Status
from core.session.specification import DataChoice, Edit, InitializerSpec, ParameterEdit, SessionSpec
from core.session.validation import LARGEST_VALUE, MAXIMUM_LAYERS, MAXIMUM_ROWS, MAXIMUM_SEED, MAXIMUM_UNITS
from core.session.variants import every_optimizer, learning_rates

__all__ = [
    "LARGEST_VALUE",
    "MAXIMUM_LAYERS",
    "MAXIMUM_ROWS",
    "MAXIMUM_SEED",
    "MAXIMUM_STEPS",
    "MAXIMUM_TEST_SHARE",
    "MAXIMUM_UNITS",
    "Branch",
    "ChangeRecord",
    "DataChoice",
    "Difference",
    "Divergence",
    "Edit",
    "History",
    "InitializerSpec",
    "Metrics",
    "ParameterEdit",
    "Patience",
    "Reason",
    "RunCurve",
    "Session",
    "SessionSpec",
    "Setting",
    "Span",
    "Status",
    "StepReport",
    "StopRules",
    "TrainingRun",
    "every_optimizer",
    "learning_rates",
]
