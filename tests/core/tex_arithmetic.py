"""A small reader of the arithmetic that a line prints: TeX with numbers in its slots -> the number it means.

It knows nothing of the core, so that a line's printed substitution is checked independently of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\\val\{([^{}]*)\}|\\([A-Za-z]+)|(\d+(?:\.\d+)?)|(e)|([-+/^(){}\[\],<>=])")
_WORD = re.compile(r"\\(?:operatorname|mathrm)\{([A-Za-z]+)\}")
_IGNORED = re.compile(r"\\left|\\right|\\[!,;]|\s+")


def evaluate(tex: str, values: Mapping[str, float]) -> float:
    """Return what `tex` comes to; ValueError for anything that is not plain arithmetic."""
    definition = tex.partition(",\\;\\tau=")
    tau = evaluate(definition[2], values) if definition[1] else math.nan
    reader = _Reader(definition[0], values, tau)
    result = reader.sum()
    if reader.here < len(reader.tokens):
        raise ValueError(f"{tex}: stops at {reader.tokens[reader.here]}")
    return result


class _Reader:
    def __init__(self, tex: str, values: Mapping[str, float], tau: float) -> None:
        text = _WORD.sub(lambda match: f"\\{match[1].lower()}", tex)
        text = _IGNORED.sub(lambda match: " " if match[0].isspace() else "", text)
        self.tokens: list[str | float] = []
        place = 0
        while place < len(text):
            if text[place] == " ":
                place += 1
                continue
            match = _TOKEN.match(text, place)
            if not match:
                raise ValueError(f"{tex}: cannot read {text[place:]}")
            place = match.end()
            if match[1] is not None:
                self.tokens.append(values[match[1]])
            elif match[2] is not None:
                self.tokens.append("\\" + match[2])
            elif match[3] is not None:
                self.tokens.append(float(match[3]))
            else:
                self.tokens.append(match[4] or match[5])
        self.here = 0
        self.tau = tau

    def peek(self) -> str | float | None:
        return self.tokens[self.here] if self.here < len(self.tokens) else None

    def take(self, expected: str | None = None) -> str | float:
        token = self.tokens[self.here]
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected}, found {token}")
        self.here += 1
        return token

    def sum(self) -> float:
        sign = 1.0
        if self.peek() == "-":
            self.take()
            sign = -1.0
        total = sign * self.product()
        while self.peek() in ("+", "-"):
            sign = 1.0 if self.take() == "+" else -1.0
            total += sign * self.product()
        return total

    def product(self) -> float:
        result = self.power()
        while (token := self.peek()) is not None and token not in (
            *"+-)}],<>=",
            "\\ge",
            "\\gt",
            "\\le",
            "\\lt",
            "\\rvert",
            "\\rfloor",
        ):
            if token == "\\times":
                self.take()
                # A negative number is one slot: its parentheses are the page's affair.
                result *= self.power()
            elif token == "/":
                self.take()
                result /= self.power()
            else:
                result *= self.power()
        return result

    def power(self) -> float:
        base = self.atom()
        if self.peek() == "^":
            self.take()
            exponent = self.group("{", "}")
            return float(base**exponent)
        return base

    def group(self, opening: str, closing: str) -> float:
        self.take(opening)
        inner = self.sum()
        self.take(closing)
        return inner

    def enclosed(self, closing: str) -> float:
        inner = self.sum()
        self.take(closing)
        return inner

    def atom(self) -> float:
        token = self.take()
        if isinstance(token, float):
            return token
        match token:
            case "(" | "[":
                self.here -= 1
                return self.group(token, {"(": ")", "[": "]"}[token])
            case "{":
                return self.enclosed("}")
            case "e":
                return math.e
            case "\\frac" | "\\tfrac":
                return self.group("{", "}") / self.group("{", "}")
            case "\\sqrt":
                return math.sqrt(self.group("{", "}"))
            case "\\ln":
                return math.log(self.power())
            case "\\tanh":
                return math.tanh(self.group("(", ")"))
            case "\\max" | "\\min":
                self.take("(")
                choices = [self.sum()]
                while self.peek() == ",":
                    self.take()
                    choices.append(self.sum())
                self.take(")")
                return max(choices) if token == "\\max" else min(choices)
            case "\\step":
                return float(self.group("(", ")") >= 0.0)
            case "\\cos":
                return math.cos(self.group("(", ")"))
            case "\\sin":
                return math.sin(self.group("(", ")"))
            case "\\sigma":
                return 1.0 / (1.0 + math.exp(-self.group("(", ")")))
            case "\\relu":
                return max(0.0, self.group("(", ")"))
            case "\\step":
                return float(self.group("(", ")") >= 0.0)
            case "\\sgn":
                argument = self.group("(", ")")
                return float((argument > 0) - (argument < 0))
            case "\\lvert":
                return abs(self.enclosed("\\rvert"))
            case "\\lfloor":
                return float(math.floor(self.enclosed("\\rfloor")))
            case "\\mathbf":
                self.group("{", "}")
                self.take("[")
                left, relation, right = self.sum(), self.take(), self.sum()
                self.take("]")
                holds = {
                    "=": left == right,
                    "\\ge": left >= right,
                    "\\gt": left > right,
                    "\\le": left <= right,
                    "\\lt": left < right,
                }
                return float(holds[str(relation)])
            case "\\tau":
                return self.tau
            case "\\pi":
                return math.pi
            case _:
                raise ValueError(f"cannot read {token}")
