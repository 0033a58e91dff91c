"""A short run of the fuzzer over everything that reads text, always the same; by hand it runs for longer."""

from __future__ import annotations

import pytest

from tests.fuzzing import TARGETS, Target, fuzz, traced


@pytest.mark.parametrize("name", TARGETS)
def test_any_text_is_read_or_refused(name: str) -> None:
    corpus, edges = fuzz(name, lambda rounds: rounds < 1500)
    assert corpus > len(TARGETS[name].seeds)
    assert edges > 50 or name == "json"


def test_coverage_leads_to_what_chance_would_not_find(monkeypatch: pytest.MonkeyPatch) -> None:
    def guarded(text: str) -> None:
        # Three right letters at once are one mutation in millions; kept one by one they are soon there.
        if text[:1] != "b":
            return
        if text[1:2] != "u":
            return
        if text[2:3] != "g":
            return
        raise RuntimeError("found")

    target = Target(guarded, (__file__,), ("a",), ("",))
    monkeypatch.setitem(TARGETS, "guarded", target)
    assert len(traced(guarded, "bu", frozenset([__file__]))) > len(
        traced(guarded, "a", frozenset([__file__]))
    )
    with pytest.raises(AssertionError, match="bug"):
        fuzz("guarded", lambda rounds: rounds < 200_000)
