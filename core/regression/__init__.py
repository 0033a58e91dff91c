"""The Regression lab: a line through points, its loss, gradient descent on it and the closed form."""

from core.regression.closed_form import ClosedForm, closed_form
from core.regression.conventions import CONVENTIONS, Convention
from core.regression.data import (
    GENERATORS,
    LARGEST_COORDINATE,
    MAXIMUM_POINTS,
    OPENING_POINTS,
    Generator,
)
from core.regression.descent import (
    LARGEST_RATE,
    MAXIMUM_STEPS,
    Batches,
    Path,
    Problem,
    descend,
    usual_rates,
    verdict,
)
from core.regression.evaluation import LARGEST_PARAMETER, Evaluation, ends, evaluate, line_through
from core.regression.presets import PRESETS
from core.regression.stability import Stability, stability
from core.regression.sums import MAXIMUM_TOLD, Told
from core.regression.surface import MAXIMUM_RESOLUTION, Surface, frame, ranges, surface
from core.regression.telling import tell_iteration
from core.regression.telling_closed import tell_closed_form, tell_stability

__all__ = [
    "CONVENTIONS",
    "GENERATORS",
    "LARGEST_COORDINATE",
    "LARGEST_PARAMETER",
    "LARGEST_RATE",
    "MAXIMUM_POINTS",
    "MAXIMUM_RESOLUTION",
    "MAXIMUM_STEPS",
    "MAXIMUM_TOLD",
    "OPENING_POINTS",
    "PRESETS",
    "Batches",
    "ClosedForm",
    "Convention",
    "Evaluation",
    "Generator",
    "Path",
    "Problem",
    "Stability",
    "Surface",
    "Told",
    "closed_form",
    "descend",
    "ends",
    "evaluate",
    "frame",
    "line_through",
    "ranges",
    "stability",
    "surface",
    "tell_closed_form",
    "tell_iteration",
    "tell_stability",
    "usual_rates",
    "verdict",
]
