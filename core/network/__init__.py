"""What a network, its training and its data are, as frozen specifications.

Layers are counted from 0 (the inputs) to L (the outputs). Element ids name single quantities everywhere
(trace, micro-steps, diagram, PATCH): `a.l.j` activation, `z.l.j` net input, `d.l.j` delta of neuron j in
layer l, `w.l.i.j` the weight from neuron i of layer l-1 to neuron j of layer l, `b.l.j` its bias; i and j
count from 0, the inputs are layer 0, so x1 is `a.0.0`.
"""

from core.network.architecture import BiasMode, BiasSpec, LayerSpec, NetworkSpec, Parameters
from core.network.arrays import Array, read_only
from core.network.data import DataSet, Preparation, SplitSpec, Table
from core.network.training import (
    BatchMode,
    BatchSpec,
    ClippingSpec,
    LossSpec,
    OptimizerSpec,
    Precision,
    Reduction,
    RegularizationSpec,
    SampleOrder,
    ScheduleSpec,
    TrainingSpec,
)

__all__ = [
    "Array",
    "BatchMode",
    "BatchSpec",
    "BiasMode",
    "BiasSpec",
    "ClippingSpec",
    "DataSet",
    "LayerSpec",
    "LossSpec",
    "NetworkSpec",
    "OptimizerSpec",
    "Parameters",
    "Precision",
    "Preparation",
    "Reduction",
    "RegularizationSpec",
    "SampleOrder",
    "ScheduleSpec",
    "SplitSpec",
    "Table",
    "TrainingSpec",
    "read_only",
]
