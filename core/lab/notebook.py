"""A notebook in which a lab writes down its calculation, line by line; it becomes an Explanation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.lab.records import Explanation, GradientCheck, Quantity
from core.microsteps.records import Line, LineKind, MicroStep, Part, PhaseName, Title
from core.microsteps.templates import pieces


class Notebook:
    """Collects quantities, given numbers and lines. One line is one micro-step at the finest granularity.

    Equations are written once, as templates: TeX with `<ref>` for a quantity (`<ref|tex>` prints own TeX in
    the symbolic side). From it come the symbolic side, the side with numbers, the numbers that the line reads
    and the ids of the lines that made them. A number that was neither given nor made by a line is a KeyError.
    """

    def __init__(self) -> None:
        self._quantities: dict[str, Quantity] = {}
        self._values: dict[str, float] = {}
        self._steps: list[MicroStep] = []
        self._made_by: dict[str, str] = {}
        self._checks: list[GradientCheck] = []

    def name(self, *quantities: Quantity) -> None:
        """Say how quantities are written."""
        self._quantities.update((quantity.id, quantity) for quantity in quantities)

    def give(self, ref: str, value: float) -> None:
        """Note a number that is not computed here: an input, a target, a setting."""
        self._values[ref] = float(value)

    def value(self, ref: str) -> float:
        """Return a number that was given or made."""
        return self._values[ref]

    def sym(self, ref: str) -> str:
        """Return a quantity's symbol as TeX."""
        return f"\\sym{{{ref}}}{{{self._tex(ref)}}}"

    def formula(self, template: str) -> str:
        """Return the symbolic side of a template."""
        return self._write(template)[0]

    def line(
        self,
        phase: PhaseName,
        kind: LineKind,
        ref: str,
        template: str,
        result: float,
        *,
        sentence: str,
        refs: Mapping[str, str] | None = None,
        group: Sequence[str],
        focus: Sequence[str] = (),
        title: str = "",
        badge: int | None = None,
        reads: Sequence[str] = (),
        parts: Sequence[tuple[str, float]] = (),
        substitution: str | None = None,
    ) -> float:
        """Write `ref` = template = numbers = `result`, and return the result.

        `sentence` is the message key of what the line does, `title` that of the micro-step (by default the
        same), `refs` fills the placeholders of both. `group` names the tick group of the ruler. `reads` are
        further quantities that the line depends on, `parts` templates of a sum's summands with their values.
        `substitution` is a template of the side with numbers where it is not the symbolic one's, "" for none.
        `badge` numbers the factors of a chain rule.
        """
        formula, numbers, used = self._write(template)
        if substitution is not None:
            _, numbers, used_there = self._write(substitution)
            used = {**used, **used_there}
        used.update((other, self._values[other]) for other in reads)
        written = [(*self._write(part)[:2], value) for part, value in parts]
        line_id = f"{phase}.{ref}"
        line = Line(
            id=line_id,
            kind=kind,
            sentence=sentence,
            refs=dict(refs or {}),
            badge=badge,
            symbol=self.sym(ref),
            formula=formula,
            substitution=numbers if used else "",
            values=used,
            parts=tuple(Part(*entry) for entry in written),
            result=float(result),
            result_ref=ref,
            uses=tuple(dict.fromkeys(self._made_by[other] for other in used if other in self._made_by)),
        )
        self._steps.append(
            MicroStep(
                id=line_id,
                phase=phase,
                group=tuple(group),
                focus=tuple(focus) or (ref,),
                uses=tuple(used),
                produces=(ref,),
                title=Title(title or sentence, dict(refs or {})),
                headline=f"{line.symbol}{_MADE.get(kind, '=')}{formula}" if formula else line.symbol,
                lines=(line,),
            )
        )
        self._values[ref] = float(result)
        self._made_by[ref] = line_id
        return float(result)

    def check(
        self,
        element: str,
        analytic: float,
        central: float,
        autodiff: float | None = None,
        *,
        scale: float = 1.0,
        kink: bool = False,
    ) -> None:
        """Note a derivative's proof; `scale` and `kink` as in GradientCheck."""
        self._checks.append(
            GradientCheck(element, float(analytic), float(central), autodiff, float(scale), kink)
        )

    def done(self) -> Explanation:
        """Return what was written."""
        return Explanation(tuple(self._quantities.values()), tuple(self._steps), tuple(self._checks))

    def _tex(self, ref: str) -> str:
        quantity = self._quantities[ref]
        if quantity.of:
            return f"\\frac{{\\partial {self._tex(quantity.of)}}}{{\\partial {self._tex(quantity.by)}}}"
        base = _TEX.get(quantity.base, quantity.base)
        if base.startswith("Δ"):
            # The change of a quantity: Δw, Δb.
            base = f"\\Delta {base[1:]}"
        if len(base) > 1 and quantity.base not in _TEX and not base.startswith("\\"):
            base = _upright(base)
        index = _upright(quantity.sub) if _HANGUL.search(quantity.sub) else quantity.sub
        sub = f"_{{{index}}}" if index else ""
        sup = f"^{{{quantity.sup}}}" if quantity.sup else ""
        return base + sub + sup

    def _write(self, template: str) -> tuple[str, str, dict[str, float]]:
        symbols, slots, used = [], [], {}
        for text, crossed, ref, own in pieces(template):
            symbols.append(text)
            slots.append(crossed)
            if ref is not None:
                used[ref] = self._values[ref]
                symbols.append(f"\\sym{{{ref}}}{{{own or self._tex(ref)}}}")
                slots.append(f"\\val{{{ref}}}")
        return "".join(symbols), "".join(slots), used


_HANGUL = re.compile("[가-힣]")


def _upright(word: str) -> str:
    """Return a word as TeX: Korean is text, and an underscore is no index."""
    command, text = "text" if _HANGUL.search(word) else "mathrm", word.replace("_", "\\_")
    return f"\\{command}{{{text}}}"


# A new value of the same quantity is no equation.
_MADE = {"state": "\\leftarrow ", "update": "\\leftarrow "}
_TEX = {
    "η": "\\eta",
    "δ": "\\delta",
    "Δ": "\\Delta",
    "θ": "\\theta",
    "μ": "\\mu",
    "β": "\\beta",
    "ε": "\\varepsilon",
    "ρ": "\\rho",
    "σ": "\\sigma",
    "ŷ": "\\hat{y}",
    "ŵ": "\\hat{w}",
    "x̄": "\\bar{x}",
    "ȳ": "\\bar{y}",
    "λ": "\\lambda",
    "m̂": "\\hat{m}",
    "v̂": "\\hat{v}",
    "x̃": "\\tilde{x}",
    "ỹ": "\\tilde{y}",
    "w̃": "\\tilde{w}",
    "y′": "y'",
    "|y′|": "|y'|",
}
