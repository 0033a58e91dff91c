"""The line of least squares at once, by the normal equations."""

from __future__ import annotations

from dataclasses import dataclass

from core.regression.data import Array


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """The least-squares line (Gauss 1809; Legendre 1805): w1 = covariance / variance, w0 = ȳ − w1·x̄.

    `deviations_x` and `deviations_y` (N,) are from the means, `sum_xx` and `sum_xy` the sums of their
    products, variance and covariance these by N. `slope` and `intercept` are None where all x are equal:
    then every line through (x̄, ȳ) is as good as any other. `r_squared` is the share of y's variance that the
    line explains, None where y has none.
    """

    mean_x: float
    mean_y: float
    deviations_x: Array
    deviations_y: Array
    sum_xx: float
    sum_xy: float
    variance: float
    covariance: float
    slope: float | None
    intercept: float | None
    r_squared: float | None


def closed_form(x: Array, y: Array) -> ClosedForm:
    """Return the line of least squares through points x, y (N,)."""
    count = len(x)
    # Equal numbers have exactly themselves as mean; a sum divided may miss it by a rounding.
    mean_x = float(x[0]) if (x == x[0]).all() else float(x.sum()) / count
    mean_y = float(y[0]) if (y == y[0]).all() else float(y.sum()) / count
    u, v = x - mean_x, y - mean_y
    sum_xx, sum_xy, sum_yy = float((u * u).sum()), float((u * v).sum()), float((v * v).sum())
    variance, covariance = sum_xx / count, sum_xy / count
    if variance == 0.0:
        return ClosedForm(mean_x, mean_y, u, v, sum_xx, sum_xy, variance, covariance, None, None, None)
    slope = covariance / variance
    r_squared = sum_xy * sum_xy / (sum_xx * sum_yy) if sum_yy > 0.0 else None
    return ClosedForm(
        mean_x,
        mean_y,
        u,
        v,
        sum_xx,
        sum_xy,
        variance,
        covariance,
        slope,
        mean_y - slope * mean_x,
        r_squared,
    )
