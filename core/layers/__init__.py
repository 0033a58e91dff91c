"""A network as layers with matrices: the second view of the Graph lab, and the same network gate by gate."""

from core.layers.presets import OPENING, PRESETS
from core.layers.records import Identity, LayerGate, LayerView, LayerWire
from core.layers.scalar import ScalarView, scalar_view
from core.layers.telling import tell
from core.layers.view import layer_view

__all__ = [
    "OPENING",
    "PRESETS",
    "Identity",
    "LayerGate",
    "LayerView",
    "LayerWire",
    "ScalarView",
    "layer_view",
    "scalar_view",
    "tell",
]
