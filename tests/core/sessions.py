"""Sessions for the tests: how to make, compare and replay them."""

import json
from dataclasses import replace
from typing import Any

import numpy as np

from core.network import (
    BatchSpec,
    BiasSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    Preparation,
    RegularizationSpec,
    ScheduleSpec,
    SplitSpec,
    TrainingSpec,
)
from core.session import DataChoice, Edit, InitializerSpec, ParameterEdit, Session, SessionSpec
from core.training import Snapshot

HALF = LossSpec("squared_error", 0.5, "sum", "sum")


def network(*units: int, inputs: int = 2, activation: str = "sigmoid") -> NetworkSpec:
    return NetworkSpec(inputs, tuple(LayerSpec(n, activation) for n in units))


def training(
    optimizer: str = "sgd", mode: str = "one", order: str = "stored", size: int = 1, **parameters: float
) -> TrainingSpec:
    batch = BatchSpec(mode, size, order)  # type: ignore[arg-type]
    return TrainingSpec(HALF, OptimizerSpec(optimizer, parameters), batch)


def spec(how: TrainingSpec | None = None, **changes: Any) -> SessionSpec:
    base = SessionSpec(network(2, 1), how or training(), DataChoice("xor"), seed=3)
    return replace(base, **changes)


def diverging(rate: float = 1e6) -> Session:
    data = DataSet(np.array([[1.0, 2.0]]), np.array([[3.0]]))
    how = training(mode="full", learning_rate=rate)
    return Session.create(spec(how, network=network(2, 1, activation="identity"), data=data))


def bits(snapshot: Snapshot) -> tuple[Any, ...]:
    return (
        snapshot.vector.tobytes(),
        {name: values.tobytes() for name, values in snapshot.optimizer_state.items()},
        snapshot.optimizer_count,
        json.dumps(snapshot.generator_state, default=repr, sort_keys=True),
        snapshot.step,
        snapshot.epoch,
        snapshot.position,
        snapshot.order.tolist(),
    )


def look(session: Session) -> tuple[Any, ...]:
    problem = session.problem
    return (
        bits(session.snapshot),
        problem.training,
        problem.data.inputs.tobytes(),
        problem.data.targets.tobytes(),
        problem.frozen.tolist(),
        session.loss,
        session.step_count,
        session.next_batch(),
    )


def replayed(recipe: dict[str, Any]) -> Session:
    """Follow a recipe as the API does, from its JSON."""
    recipe = json.loads(json.dumps(recipe))
    create = recipe["create"]
    layers = [
        LayerSpec(**{**layer, "bias": BiasSpec(**layer["bias"])}) for layer in create["network"]["layers"]
    ]

    def how(body: dict[str, Any]) -> TrainingSpec:
        return TrainingSpec(
            LossSpec(**body["loss"]),
            OptimizerSpec(**body["optimizer"]),
            BatchSpec(**body["batch"]),
            RegularizationSpec(**body["regularization"]),
            body["dropout"],
            ClippingSpec(**body["clipping"]),
            ScheduleSpec(**body["schedule"]),
        )

    def data(body: dict[str, Any]) -> DataSet | DataChoice:
        preparation = Preparation(
            SplitSpec(**body.get("split", {})),
            tuple(body.get("features", ())),
            body.get("scaling", "none"),
            body.get("target_scaling", "none"),
        )
        if "name" in body:
            return DataChoice(body["name"], body["parameters"], body.get("expression", ""), preparation)
        names = {name: tuple(body[name]) for name in ("columns", "target_columns", "classes") if name in body}
        return DataSet(
            np.array(body["inputs"]),
            np.array(body["targets"]),
            tuple(body.get("order", ())),
            preparation=preparation,
            **names,
        )

    rows = data(create["data"])
    columns = rows.inputs.shape[1] if isinstance(rows, DataSet) else 2
    shape = NetworkSpec(len(rows.preparation.features) or columns, tuple(layers))
    initial = None
    if "parameters" in create["network"]:
        given = Parameters(shape, np.zeros(shape.parameter_count))
        for index, weights in enumerate(create["network"]["parameters"]["weights"], start=1):
            given.weights(index)[:] = weights
            bias = given.bias(index)
            if bias is not None:
                bias[:] = create["network"]["parameters"]["biases"][index - 1]
        initial = given.vector
    session = Session.create(
        SessionSpec(
            shape,
            how(create["training"]),
            rows,
            create["seed"],
            InitializerSpec(**create["network"]["initializer"]),
            initial,
            create.get("preset"),
        )
    )
    for action in recipe["actions"]:
        if action["type"] == "step":
            for _ in range(action["count"]):
                session.step()
        elif action["type"] == "data":
            session.edit(Edit(data=data(action["data"])))
        else:
            patch = action["patch"]
            session.edit(
                Edit(
                    how(patch["training"]) if "training" in patch else None,
                    tuple(ParameterEdit(**change) for change in patch.get("parameters", ())),
                    patch.get("current_sample"),
                )
            )
    return session


CIRCLE_ROWS = DataSet(np.array([[0.5, -1.0], [1.0, 0.25], [-0.75, 2.0]]), np.array([[0.0], [1.0], [1.0]]))
EDITS = [
    Edit(training=training("adam", "one", "shuffled")),
    Edit(training=training("momentum", "mini", "shuffled", size=3)),
    Edit(training=training("sgd", "full", learning_rate=0.7)),
    Edit(training=training("sgd", "one", learning_rate=0.2)),
    Edit(training=training("nag", "mini", "stored", size=2)),
    Edit(parameters=(ParameterEdit("w.1.0.0", 0.5), ParameterEdit("b.2.0", frozen=True))),
    Edit(parameters=(ParameterEdit("b.2.0", frozen=False), ParameterEdit("w.2.1.0", -1.0, frozen=True))),
    Edit(
        training=replace(
            training("sgd", "mini", "shuffled", size=2),
            dropout=0.5,
            schedule=ScheduleSpec("step", {"every": 2, "factor": 0.5}),
        )
    ),
    Edit(
        training=replace(
            training("adam", "one"),
            dropout=0.3,
            regularization=RegularizationSpec(0.01, 0.1),
            clipping=ClippingSpec("norm", {"limit": 0.1}),
            schedule=ScheduleSpec("cosine", {"epochs": 6}),
        )
    ),
    Edit(current_sample=2),
    Edit(current_sample=0),
    Edit(data=CIRCLE_ROWS),
    Edit(data=DataChoice("xnor")),
    Edit(data=DataChoice("circles", {"size": 9})),
]
