"""The session: a specification, what was done since, and the present state, behind one mutable shell."""

from core.session.branches import Branch, ChangeRecord, History, Setting, Span
from core.session.recipe import recipe_of
from core.session.reports import Divergence, StepReport
from core.session.shell import MAXIMUM_STEPS, Session, Status
from core.session.specification import DataChoice, Edit, InitializerSpec, ParameterEdit, SessionSpec
from core.session.validation import LARGEST_VALUE, MAXIMUM_LAYERS, MAXIMUM_ROWS, MAXIMUM_SEED, MAXIMUM_UNITS

__all__ = [
    "LARGEST_VALUE",
    "MAXIMUM_LAYERS",
    "MAXIMUM_ROWS",
    "MAXIMUM_SEED",
    "MAXIMUM_STEPS",
    "MAXIMUM_UNITS",
    "Branch",
    "ChangeRecord",
    "DataChoice",
    "Divergence",
    "Edit",
    "History",
    "InitializerSpec",
    "ParameterEdit",
    "Session",
    "SessionSpec",
    "Setting",
    "Span",
    "Status",
    "StepReport",
    "recipe_of",
]
