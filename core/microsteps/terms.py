"""The finest micro-steps: one result each. A neuron's sums are taken apart into products and running sums."""

from __future__ import annotations

from collections.abc import Iterator

from core.microsteps.records import Line, MicroStep, Title
from core.microsteps.writing import Writer

# Kinds of quantities that a single term makes -> the title of its micro-step and its placeholder.
_TITLES = {
    "p": ("title.term_product", "neuron"),
    "ps": ("title.term_running", "neuron"),
    "c": ("title.term_contribution", "neuron"),
    "cs": ("title.term_running", "neuron"),
    "z": ("title.net_input", "neuron"),
    "a": ("title.forward", "neuron"),
    "up": ("title.term_upstream", "neuron"),
    "loc": ("title.term_slope", "neuron"),
    "d": ("title.term_delta", "neuron"),
    "gw": ("title.term_gradient", "parameter"),
    "gb": ("title.term_gradient", "parameter"),
    "Gw": ("title.term_batch_gradient", "parameter"),
    "Gb": ("title.term_batch_gradient", "parameter"),
    "Jw": ("title.term_penalty", "parameter"),
    "Cw": ("title.term_clipped", "parameter"),
    "Cb": ("title.term_clipped", "parameter"),
    "f": ("title.forward", "neuron"),
    "lw": ("title.term_look_ahead", "parameter"),
    "lb": ("title.term_look_ahead", "parameter"),
    "nw": ("title.term_update", "parameter"),
    "nb": ("title.term_update", "parameter"),
    "s": ("title.term_state", "parameter"),
    "o": ("title.term_state", "parameter"),
}


_SUM = "<before>+<summand>"

# Kinds of numbers that are set, not made.
_SETTINGS = frozenset({"eta", "eta0", "epoch", "hp", "ap", "sched", "reg", "drop"})


def _is_setting(ref: str) -> bool:
    return ref == "clip.limit" or ref.partition(".")[0] in _SETTINGS


def terms(writer: Writer, microstep: MicroStep) -> Iterator[MicroStep]:
    """Yield the micro-steps of a neuron's micro-step, one for each result; an id is its only line's."""
    for line in microstep.lines:
        for single in _apart(writer, line):
            element = _element(single.result_ref)
            yield MicroStep(
                id=single.id,
                phase=microstep.phase,
                group=microstep.group,
                focus=(element,) if element else (),
                uses=tuple(ref for ref in single.values if not _is_setting(ref)),
                produces=(single.result_ref,),
                title=_title(microstep, single.result_ref, element),
                headline=f"{single.symbol}={single.formula}" if single.formula else single.symbol,
                lines=(single,),
            )


def _element(ref: str) -> str:
    """Return the element of the diagram that a term's result belongs to, "" for one of the whole step."""
    kind, *rest = ref.split(".")
    if kind in ("eta", "clip"):
        return ""
    if kind in ("size", "pen", "obj"):
        return "eb"
    if kind in ("s", "o"):
        return ".".join(rest[1:])
    if kind in ("gw", "gb", "Gw", "Gb", "Jw", "Cw", "Cb", "nw", "nb", "lw", "lb"):
        return ".".join((kind[1], *rest))
    if kind == "p":
        return ".".join(("w", *rest))
    if kind in ("z", "f", "up", "d", "ps", "c", "cs"):
        return f"a.{rest[0]}.{rest[1]}"
    return f"a.{rest[0]}.{rest[-1]}" if kind == "loc" else ref


def _title(microstep: MicroStep, ref: str, element: str) -> Title:
    kind = ref.partition(".")[0]
    if kind not in _TITLES:  # the loss, whose micro-steps have one line already
        return microstep.title
    key, name = _TITLES[kind]
    if kind == "p":
        _, layer, _, j = element.split(".")
        element = f"a.{layer}.{j}"
    return Title(key, {name: element})


def _apart(writer: Writer, line: Line) -> Iterator[Line]:
    """Yield a sum's products, running sums and total; any other line as it is."""
    # A new value is one step of arithmetic, and so is a "sum" of a single contribution.
    if line.kind == "update" or len(line.parts) < (1 if line.kind == "sum" else 2):
        yield line
        return
    step = line.id.rpartition("/")[0]
    _, layer, j, *_ = line.id.split("/")
    if line.kind == "sum":
        n = writer.width(int(layer) - 1)
        bias = f"{writer.bias}.{layer}.{j}"
        last = bias if bias in line.values else ""
        yield from _added(
            writer, line, step, [f"p.{layer}.{i}.{j}" for i in range(n)], f"ps.{layer}.{j}", last
        )
    else:
        n = len(line.parts)
        yield from _added(writer, line, step, [f"c.{layer}.{j}.{k}" for k in range(n)], f"cs.{layer}.{j}", "")


def _added(
    writer: Writer, line: Line, step: str, summands: list[str], running: str, last: str
) -> Iterator[Line]:
    """Yield each summand, the sum so far after it, and at the end the line's result; `last` is a bias."""
    name = summands[0][0]
    refs = {"neuron": f"a.{running.split('.', 1)[1]}"}
    for k, summand in enumerate(summands):
        left, right = writer.factors(summand)
        yield writer.line(
            f"{step}/{name}{k}",
            "term",
            f"line.{'product' if name == 'p' else 'contribution'}",
            summand,
            "<left>\\,<right>",
            {"left": left, "right": right},
            formula="",
            refs=refs,
        )
        # The last sum is the line's own result, unless a bias follows.
        if k > 0 and (last or k < len(summands) - 1):
            before = f"{running}.{k - 1}" if k > 1 else summands[0]
            yield writer.line(
                f"{step}/s{k}" if name == "p" else f"{step}/cs{k}",
                "running",
                "line.running",
                f"{running}.{k}",
                _SUM,
                {"before": before, "summand": summand},
                refs=refs,
            )
    n = len(summands)
    if last:
        before, summand = (f"{running}.{n - 1}" if n > 1 else summands[0]), last
    else:
        before, summand = (f"{running}.{n - 2}" if n > 2 else summands[0]), summands[-1]
    values: dict[str, float] = {}
    formula, substitution = writer.write(_SUM, values, {"before": before, "summand": summand})
    yield line._replace(formula=formula, substitution=substitution, values=values, parts=())
