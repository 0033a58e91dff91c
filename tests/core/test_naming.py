"""Names of elements and the TeX of references."""

from __future__ import annotations

import pytest

from core.naming import ElementName, Names, elements
from core.network import BiasSpec, LayerSpec, NetworkSpec


def network(*sizes: int, bias: str = "trained") -> NetworkSpec:
    layers = tuple(LayerSpec(units, bias=BiasSpec(bias)) for units in sizes[1:])  # type: ignore[arg-type]
    return NetworkSpec(sizes[0], layers)


@pytest.mark.parametrize(
    ("sizes", "ref", "tex"),
    [
        ((2, 2, 2), "a.0.0", "x_{1}"),
        ((2, 2, 2), "a.1.1", "h_{2}"),
        ((2, 2, 2), "a.2.0", "o_{1}"),
        ((2, 2, 1), "a.2.0", "o"),
        ((2, 2, 1), "t.0", "t"),
        ((2, 2, 2), "t.1", "t_{2}"),
        ((2, 3, 2, 1), "a.2.0", "h^{(2)}_{1}"),
        ((2, 2, 2), "w.1.0.0", "w_{1}"),
        ((2, 2, 2), "w.1.1.0", "w_{2}"),
        ((2, 2, 2), "w.1.0.1", "w_{3}"),
        ((2, 2, 2), "w.2.0.0", "w_{5}"),
        ((2, 2, 2), "w.2.1.1", "w_{8}"),
        ((2, 2, 2), "z.2.1", "z_{4}"),
        ((2, 2, 2), "d.2.0", "\\delta_{3}"),
        ((2, 2, 2), "b.2.1", "b_{4}"),
        ((2, 8, 1), "w.1.1.7", "w_{16}"),
        ((2, 9, 1), "w.1.1.8", "w^{(1)}_{29}"),
        ((2, 12, 1), "w.2.11.0", "w^{(2)}_{12,1}"),
        ((2, 9, 1), "d.2.0", "\\delta^{(2)}_{1}"),
        ((2, 2, 2), "e.1", "E_{2}"),
        ((2, 2, 2), "e", "E"),
        ((2, 2, 2), "eb", "L"),
        ((2, 2, 2), "gw.2.0.0", "\\frac{\\partial E}{\\partial w_{5}}"),
        ((2, 2, 2), "Gb.2.0", "\\frac{\\partial L}{\\partial b_{3}}"),
        ((2, 2, 2), "gs.2.w.2.0.0", "\\frac{\\partial E^{(3)}}{\\partial w_{5}}"),
        ((2, 2, 2), "up.1.0", "\\frac{\\partial E}{\\partial h_{1}}"),
        ((2, 2, 2), "loc.2.0", "\\frac{\\partial o_{1}}{\\partial z_{3}}"),
        ((2, 2, 2), "loc.2.0.1", "\\frac{\\partial o_{1}}{\\partial z_{4}}"),
        ((2, 2, 2), "lw.1.0.0", "\\tilde{w}_{1}"),
        ((2, 2, 2), "nw.1.0.0", "w_{1}"),
        ((2, 2, 2), "uw.1.0.0", "\\Delta w_{1}"),
        ((2, 2, 2), "s0.v.b.1.0", "v_{b_{1}}"),
        ((2, 2, 2), "eta", "\\eta"),
    ],
)
def test_names(sizes: tuple[int, ...], ref: str, tex: str) -> None:
    assert Names(network(*sizes), {"s.v": "v"}).tex(ref) == tex


def test_every_element_has_one_name() -> None:
    for sizes in [(2, 2, 2), (1, 1), (3, 12, 12, 4), (64, 1)]:
        found = elements(network(*sizes))
        assert len({name.id for name in found}) == len(found)
        assert len({name.tex for name in found}) == len(found)
    assert not [name for name in elements(network(2, 2, bias="absent")) if name.id.startswith("b.")]
    assert not [name for name in elements(network(2, 2), parameters=False) if name.id[0] in "wb"]


def test_a_symbol_carries_its_reference() -> None:
    assert Names(network(2, 2, 2)).sym("a.1.0") == "\\sym{a.1.0}{h_{1}}"
    assert elements(network(2, 2, 2))[0] == ElementName("a.0.0", "x", "1", "")


@pytest.mark.parametrize("ref", ["", "q.1.0", "a.1", "w.1.0", "s.nothing.w.1.0.0", "hp.nothing"])
def test_an_unknown_reference_is_refused(ref: str) -> None:
    with pytest.raises(KeyError):
        Names(network(2, 2, 2)).tex(ref)
