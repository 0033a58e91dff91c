"""Ready examples: a specification each, with where its numbers come from and what to look for.

Descriptions are read by learners. A number that the source does not give is called ours.
"""

# The order of these imports is the order in which the examples are offered.
from core.presets import course, planes, vanishing
from core.presets.entry import PRESETS, Preset

__all__ = ["PRESETS", "Preset", "course", "planes", "vanishing"]
