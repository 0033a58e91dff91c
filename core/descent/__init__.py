"""Gradient descent in one and in two variables: functions, paths, quotients, races of optimizers."""
