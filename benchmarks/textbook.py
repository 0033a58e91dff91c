"""The same trainings as one writes them with numpy after reading the lecture: clear, and not for speed."""

from __future__ import annotations

import numpy as np

from benchmarks.jobs import Job
from benchmarks.measure import Local


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


ACTIVATION = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "softmax": softmax,
}
# In terms of the activation.
DERIVATIVE = {
    "sigmoid": lambda a: a * (1.0 - a),
    "tanh": lambda a: 1.0 - a**2,
    "relu": lambda a: (a > 0.0).astype(a.dtype),
}


class Network:
    """Weights and biases of every layer, with forward, backward and update."""

    def __init__(self, job: Job) -> None:
        self.job = job
        training = job.problem.training
        self.kinds = [layer.activation for layer in job.problem.network.layers]
        self.loss, self.optimizer = training.loss, training.optimizer.name
        self.rate = training.optimizer.parameters["learning_rate"]
        data = job.problem.data
        X, T = data.inputs.astype(job.dtype), data.targets.astype(job.dtype)
        B = job.batch
        self.batches = [(X[i : i + B], T[i : i + B]) for i in range(0, len(X), B)]
        self.restart()

    def restart(self):
        self.W = [W.copy() for W, _ in self.job.start]
        self.b = [b.copy() for _, b in self.job.start]
        self.m = [[np.zeros_like(p) for p in group] for group in (self.W, self.b)]
        self.v = [[np.zeros_like(p) for p in group] for group in (self.W, self.b)]
        self.t = 0
        self.next = 0

    def forward(self, X):
        A = [X]
        for W, b, kind in zip(self.W, self.b, self.kinds, strict=True):
            A.append(ACTIVATION[kind](A[-1] @ W + b))
        return A

    def backward(self, A, T):
        output, n = A[-1], len(T)
        if self.kinds[-1] == "softmax":
            delta = (output - T) / n
        else:
            delta = 2.0 * self.loss.coefficient * (output - T)
            if self.loss.outputs == "mean":
                delta = delta / T.shape[1]
            if self.loss.batch == "mean":
                delta = delta / n
            delta = delta * DERIVATIVE[self.kinds[-1]](output)
        dW, db = [], []
        for layer in reversed(range(len(self.W))):
            dW.insert(0, A[layer].T @ delta)
            db.insert(0, delta.sum(axis=0))
            if layer > 0:
                delta = (delta @ self.W[layer].T) * DERIVATIVE[self.kinds[layer - 1]](A[layer])
        return dW, db

    def sgd(self, dW, db):
        for layer in range(len(self.W)):
            self.W[layer] -= self.rate * dW[layer]
            self.b[layer] -= self.rate * db[layer]

    def adam(self, dW, db, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.t += 1
        for group, (parameters, gradients) in enumerate([(self.W, dW), (self.b, db)]):
            for i, g in enumerate(gradients):
                m, v = self.m[group], self.v[group]
                m[i] = beta1 * m[i] + (1.0 - beta1) * g
                v[i] = beta2 * v[i] + (1.0 - beta2) * g**2
                m_hat = m[i] / (1.0 - beta1**self.t)
                v_hat = v[i] / (1.0 - beta2**self.t)
                parameters[i] -= self.rate * m_hat / (np.sqrt(v_hat) + epsilon)

    def run(self, count):
        update = getattr(self, self.optimizer)
        for _ in range(count):
            X, T = self.batches[self.next]
            self.next = (self.next + 1) % len(self.batches)
            update(*self.backward(self.forward(X), T))

    def parameters(self):
        return list(zip(self.W, self.b, strict=True))


def contender(job: Job) -> tuple[Local, Network]:
    """Return the contender, and the network behind it."""
    network = Network(job)
    return Local(network.run, network.restart), network
