"""PyTorch and scikit-learn on the same jobs, where they are installed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from benchmarks.jobs import Job
from benchmarks.measure import Local


def _torch_run(job: Job) -> tuple[Local, Any]:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    dtype = torch.float32 if job.dtype is np.float32 else torch.float64
    spec = job.problem.training
    modules: list[nn.Module] = []
    kinds = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
    for n_in, layer in zip(job.sizes, job.problem.network.layers, strict=False):
        modules.append(nn.Linear(n_in, layer.units, dtype=dtype))
        if layer.activation in kinds:
            modules.append(kinds[layer.activation]())
    model = nn.Sequential(*modules)
    linear = [module for module in modules if isinstance(module, nn.Linear)]
    X = torch.tensor(job.problem.data.inputs, dtype=dtype)
    T = torch.tensor(job.problem.data.targets, dtype=dtype)
    if spec.loss.name == "categorical_cross_entropy":
        T = T.argmax(dim=1)
        criterion: Any = nn.CrossEntropyLoss()
    elif spec.loss.outputs == "mean":
        criterion = nn.MSELoss()
    else:
        square = nn.MSELoss(reduction="sum")
        factor = spec.loss.coefficient / (job.batch if spec.loss.batch == "mean" else 1)

        def criterion(output: Any, target: Any) -> Any:
            return factor * square(output, target)

    batches = [(X[i : i + job.batch], T[i : i + job.batch]) for i in range(0, len(X), job.batch)]
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[spec.optimizer.name]
    state: dict[str, Any] = {}

    def restart() -> None:
        with torch.no_grad():
            for module, (W, b) in zip(linear, job.start, strict=True):
                module.weight.copy_(torch.from_numpy(W.T.copy()))
                module.bias.copy_(torch.from_numpy(b))
        state["optimizer"] = kind(model.parameters(), lr=spec.optimizer.parameters["learning_rate"])
        state["next"] = 0

    def run(count: int) -> None:
        optimizer, place = state["optimizer"], state["next"]
        for _ in range(count):
            x, t = batches[place]
            place = (place + 1) % len(batches)
            optimizer.zero_grad()
            criterion(model(x), t).backward()
            optimizer.step()
        state["next"] = place

    def parameters() -> list[tuple[Any, Any]]:
        return [(m.weight.detach().numpy().T, m.bias.detach().numpy()) for m in linear]

    restart()
    return Local(run, restart), parameters


def _sklearn_run(job: Job) -> tuple[Local, Any]:
    """One pass over the set a call (`partial_fit`), from scikit-learn's own start.

    Its regressor's output is linear, whatever the hidden layers are: a little less to compute than ours.
    """
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    spec = job.problem.training
    X = job.problem.data.inputs.astype(job.dtype)
    T = job.problem.data.targets.astype(job.dtype)
    hidden = job.problem.network.layers[0].activation
    settings = {
        "hidden_layer_sizes": job.sizes[1:-1],
        "activation": {"sigmoid": "logistic"}.get(hidden, hidden),
        "solver": spec.optimizer.name,
        "learning_rate_init": spec.optimizer.parameters["learning_rate"],
        "alpha": 0.0,
        "batch_size": job.batch,
        "shuffle": False,
        "momentum": 0.0,
        "nesterovs_momentum": False,
        "random_state": 0,
    }
    classes: dict[str, Any] = {}
    if spec.loss.name == "categorical_cross_entropy":
        kind: Any = MLPClassifier
        T = T.argmax(axis=1)
        classes["classes"] = np.arange(job.sizes[-1])
    else:
        kind = MLPRegressor
        T = T[:, 0] if T.shape[1] == 1 else T
    steps = -(-len(X) // job.batch)
    state: dict[str, Any] = {}

    def restart() -> None:
        state["model"] = kind(**settings)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state["model"].partial_fit(X[: job.batch], T[: job.batch], **classes)

    def run(count: int) -> None:
        for _ in range(max(1, count // steps)):
            state["model"].partial_fit(X, T)

    restart()
    return Local(run, restart, steps), None


PEERS = {"PyTorch eager": ("torch", _torch_run), "scikit-learn": ("sklearn", _sklearn_run)}
