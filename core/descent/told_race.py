"""One update of one optimizer told in micro-steps, its templates those of the registry."""

from __future__ import annotations

import re

import numpy as np

from core.descent.objectives import DataObjective, FunctionObjective, Objective
from core.descent.proof import central, is_kink
from core.descent.race import Move, Path
from core.lab import Explanation, Notebook, Quantity, derivative

_PLACEHOLDER = re.compile(r"<([a-z_0-9]+'?)>")
# TeX of the registry's parameters as plain characters.
_LETTERS = {
    "\\eta": ("η", ""),
    "\\mu": ("μ", ""),
    "\\rho": ("ρ", ""),
    "\\epsilon": ("ε", ""),
    "\\beta_1": ("β", "1"),
    "\\beta_2": ("β", "2"),
    "\\hat m": ("m̂", ""),
    "\\hat v": ("v̂", ""),
}
# Symbols of two characters and more that stand for a formula get a letter of their own.
_SCALE = "s"
_LETTER_OF = {"x": ("x", ""), "y": ("y", ""), "w.0": ("w", "0"), "w.1": ("w", "1")}
_STATES = frozenset({"velocity", "squares", "m", "v"})
_TERMS = frozenset({"scale", "m_hat", "v_hat"})


def tell_move(objective: Objective, path: Path, at: int) -> Explanation:
    """Return the update after step `at` of one run told; a run that ended earlier tells its last one.

    The last update of a run is computed but not made.
    """
    return _Teller(objective, path, path.moves[min(at, len(path.moves) - 1)]).tell()


class _Teller:
    def __init__(self, objective: Objective, path: Path, move: Move) -> None:
        self.objective, self.move = objective, move
        self.optimizer = path.entrant.optimizer
        self.settings = path.entrant.parameters
        self.ahead = self.optimizer.looks_ahead
        self.elements = objective.parameters
        self.value = "f" if isinstance(objective, FunctionObjective) else "L"
        # The references at which the gradient is taken.
        self.at = tuple(f"l{each}" if self.ahead else each for each in self.elements)
        self.book = Notebook()

    def tell(self) -> Explanation:
        """Return the whole update."""
        self._name()
        for element, place in zip(self.elements, self.move.theta.tolist(), strict=True):
            self.book.give(element, place)
        for parameter in self.optimizer.parameters:
            self.book.give(f"hp.{parameter.name}", self.settings[parameter.name])
        self.book.give("hp.count", self.move.count)
        for name in self.optimizer.state:
            for index, element in enumerate(self.elements):
                self.book.give(f"s0.{name}.{element}", float(self.move.state[name][index]))
        if self.ahead:
            self._look_ahead()
        if isinstance(self.objective, DataObjective):
            self._data(self.objective)
        else:
            self._function()
        for index, element in enumerate(self.elements):
            self._update(index, element)
        self._prove()
        return self.book.done()

    # --- names --------------------------------------------------------------------------------------------

    def _name(self) -> None:
        name = self.book.name
        name(Quantity(self.value, self.value), Quantity("hp.count", "t"))
        for parameter in self.optimizer.parameters:
            base, sub = _LETTERS.get(parameter.tex, (parameter.tex, ""))
            name(Quantity(f"hp.{parameter.name}", base, sub))
        templates = (*self.optimizer.state_templates, *self.optimizer.term_templates)
        for element, at in zip(self.elements, self.at, strict=True):
            base, sub = _LETTER_OF[element]
            name(Quantity(element, base, sub), Quantity(f"n{element}", base, sub))
            name(Quantity(f"u{element}", f"Δ{base}", sub))
            if self.ahead:
                name(Quantity(at, f"{base}\u0303" if base != "y" else "ỹ", sub))
            name(derivative(f"g{element}", of=self.value, by=at))
            index = sub or base
            for template in templates:
                letter, lower = _LETTERS.get(template.symbol, (template.symbol, ""))
                if len(letter) > 2:
                    letter = _SCALE
                lower = ",".join(filter(None, (lower, index)))
                for kind in ("s", "s0", "o"):
                    name(Quantity(f"{kind}.{template.name}.{element}", letter, lower))

    # --- where the gradient is taken ----------------------------------------------------------------------

    def _look_ahead(self) -> None:
        for index, element in enumerate(self.elements):
            self.book.line(
                "forward",
                "sum",
                f"l{element}",
                self._filled(self.optimizer.point_template, element),
                float(self.move.point[index]),
                sentence="told_descent.look_ahead",
                refs={"parameter": element},
                group=(f"l{self.elements[0]}",),
            )

    def _function(self) -> None:
        assert isinstance(self.objective, FunctionObjective)
        formula = self.objective.formula
        names = {name: f"<{at}>" for name, at in zip(self.elements, self.at, strict=True)}
        self.book.line(
            "forward",
            "function",
            "f",
            formula.tex(names=names) or "",
            self.objective.value(self.move.point),
            sentence="told_descent.height",
            refs={"f": "f"},
            group=(self.value,),
            reads=self.at,
        )
        for index, element in enumerate(self.elements):
            self.book.line(
                "backward",
                "function",
                f"g{element}",
                formula.tex(element, names=names) or "",
                float(self.move.gradient[index]),
                sentence="told_descent.partial",
                refs={"f": "f", "parameter": element},
                group=(f"g{element}",),
                reads=self.at,
            )

    def _data(self, data: DataObjective) -> None:
        rows = np.arange(data.samples) if self.move.rows is None else self.move.rows
        book, (w0, w1), count = self.book, self.at, len(rows)
        book.name(Quantity("n", "n"))
        book.give("n", count)
        residuals = []
        for row in rows.tolist():
            for base in ("x", "t", "ŷ", "r"):
                book.name(Quantity(f"{_REF[base]}.{row}", base, str(row + 1)))
            book.give(f"x.{row}", float(data.inputs[row]))
            book.give(f"t.{row}", float(data.targets[row]))
            output = book.line(
                "forward",
                "sum",
                f"o.{row}",
                f"<{w0}>+<{w1}>\\,<x.{row}>",
                float(self.move.point[0] + self.move.point[1] * data.inputs[row]),
                sentence="told_descent.output",
                refs={"x": f"x.{row}"},
                group=(f"o.{row}",),
            )
            book.line(
                "forward",
                "sum",
                f"r.{row}",
                f"<o.{row}>-<t.{row}>",
                output - float(data.targets[row]),
                sentence="told_descent.residual",
                refs={"t": f"t.{row}"},
                group=(f"o.{row}",),
            )
            residuals.append(f"r.{row}")
        squares = "+".join(f"<{each}>^{{2}}" for each in residuals)
        book.line(
            "loss",
            "function",
            "L",
            f"\\frac{{1}}{{<n>}}\\left({squares}\\right)",
            self.objective.value(self.move.point, self.move.rows),
            sentence="told_descent.loss",
            refs={"n": "n"},
            group=(self.value,),
        )
        products = {
            self.elements[0]: "+".join(f"<{each}>" for each in residuals),
            self.elements[1]: "+".join(f"<{each}>\\,<x.{each[2:]}>" for each in residuals),
        }
        for index, element in enumerate(self.elements):
            book.line(
                "backward",
                "function",
                f"g{element}",
                f"\\frac{{2}}{{<n>}}\\left({products[element]}\\right)",
                float(self.move.gradient[index]),
                sentence=f"told_descent.loss_by_{'intercept' if index == 0 else 'slope'}",
                refs={"f": "L", "parameter": element},
                group=(f"g{element}",),
            )

    # --- the update ---------------------------------------------------------------------------------------

    def _filled(self, template: str, element: str) -> str:
        """Return a template of the registry about one parameter, its names as references."""

        def ref(match: re.Match[str]) -> str:
            slot = f"<{self._ref(match[1], element)}>"
            # A derivative is a fraction: its power needs brackets.
            raised = match[1] == "g" and template[match.end() :].startswith("^")
            return f"\\left({slot}\\right)" if raised else slot

        return _PLACEHOLDER.sub(ref, template)

    def _ref(self, name: str, element: str) -> str:
        if name == "theta":
            return element
        if name == "g":
            return f"g{element}"
        if name.endswith("'"):
            return f"s.{name[:-1]}.{element}"
        if name in self.optimizer.state:
            return f"s0.{name}.{element}"
        if name in self.optimizer.terms:
            return f"o.{name}.{element}"
        return f"hp.{name}"

    def _update(self, index: int, element: str) -> None:
        update, book = self.move.update, self.book
        group = (f"n{element}",)
        rule = self.optimizer
        for kind, prefix, templates, values, worded in (
            ("state", "s", rule.state_templates, update.state, _STATES),
            ("term", "o", rule.term_templates, update.terms, _TERMS),
        ):
            for template in templates:
                own = f"_{template.name}" if template.name in worded else ""
                book.line(
                    "update",
                    "state",
                    f"{prefix}.{template.name}.{element}",
                    self._filled(template.template, element),
                    float(values[template.name][index]),
                    sentence=f"told_descent.{kind}{own}",
                    refs={"parameter": element},
                    group=group,
                )
        new, old = float(update.theta[index]), float(self.move.theta[index])
        change = self._filled(self.optimizer.update_template, element).removeprefix(f"<{element}>")
        with np.errstate(all="ignore"):
            difference = float(update.theta[index] - self.move.theta[index])
        book.line(
            "update",
            "update",
            f"n{element}",
            f"<{element}>{change}",
            new,
            sentence="told_descent.new",
            refs={"parameter": element},
            group=group,
            parts=((f"<{element}>", old), (change.removeprefix("+"), difference)),
        )

    def _prove(self) -> None:
        move, objective = self.move, self.objective
        place: tuple[float, float] = (float(move.point[0]), float(move.point[1]))
        autodiff = objective.autodiff(move.point, move.rows)
        for index, element in enumerate(self.elements):
            analytic = float(move.gradient[index])

            def moved(value: float, index: int = index) -> float:
                point = move.point.copy()
                point[index] = value
                return objective.value(point, move.rows)

            self.book.check(
                element,
                analytic,
                central(moved, place[index]),
                autodiff[index],
                scale=max(abs(objective.value(move.point, move.rows)), abs(place[index] * analytic)),
                kink=isinstance(objective, FunctionObjective) and is_kink(objective.formula, place, index),
            )


_REF = {"x": "x", "t": "t", "ŷ": "o", "r": "r"}
