"""The pictures: what is drawn and told is what the server computes, and XOR is seen to become separable."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lab import Lab, number
from tests.browser.test_drawers import AXE

NAMES = ["hidden", "flow", "weights", "surface", "confusion"]


class Calls:
    """The replies that the page gets, by the end of their address."""

    def __init__(self, page: Page) -> None:
        self.replies: dict[str, Any] = {}
        self.session = ""
        page.on("response", self._keep)

    def _keep(self, response: Any) -> None:
        found = re.search(r"/api/v1/sessions/([^/?]+)/([a-z-]+)", response.url)
        if found and response.status == 200 and response.request.method == "GET":
            self.session = found[1]
            self.replies[found[2]] = response

    def json(self, name: str) -> Any:
        """Return the last reply of that name."""
        return self.replies[name].json()


def pick(page: Page, name: str) -> None:
    """Show one of the pictures."""
    page.locator(f"[data-pick='{name}']").click()
    expect(page.locator(f"[data-picture='{name}']")).to_be_visible()


def predicted(page: Page, session: str, rows: list[list[float]]) -> list[dict[str, list[list[float]]]]:
    """Return every layer's numbers for some inputs, as the server computes them."""
    reply = page.request.post(f"/api/v1/sessions/{session}/predict", data={"inputs": rows})
    layers: list[dict[str, list[list[float]]]] = reply.json()["layers"]
    return layers


def test_xor_becomes_separable_and_every_number_is_the_servers(page: Page) -> None:
    calls = Calls(page)
    Lab(page).open("/#preset=xor-2-2-1&step=20000&drawer=pictures")
    pick(page, "hidden")
    told = page.locator(".hidden-space .picread")
    # Sample by sample with the keys: the activations of the hidden layer, and the side of the line.
    page.locator("#hidden-plane").focus()
    page.keyboard.press("Home")
    space = calls.json("hidden-space")
    layers = predicted(page, calls.session, [[0, 0], [0, 1], [1, 0], [1, 1]])
    for row in range(4):
        expect(told).to_contain_text(f"sample {row + 1}")
        shown = [number(text.split()[-1]) for text in told.locator(".rv").all_inner_texts()[:2]]
        assert shown == pytest.approx(layers[0]["activation"][row], abs=5e-7)
        page.keyboard.press("ArrowRight")
    [[first, *_, last]] = space["lines"]
    sides = [
        (last[0] - first[0]) * (y - first[1]) - (last[1] - first[1]) * (x - first[0]) > 0
        for x, y in space["points"]
    ]
    assert sides in ([False, True, True, False], [True, False, False, True])

    pick(page, "surface")
    surface = calls.json("loss-surface")
    shown = page.locator(".loss h2 .now b").inner_text()
    expect(page.locator(".surface .picread b").last).to_have_text(shown)
    page.get_by_role("button", name="two weights").click()
    expect(page.locator(".surface select").first).to_have_value("w.1.0.0")
    page.locator("#surface-plane").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    expect(page.locator(".surface .picread")).to_contain_text("Start")
    surface = calls.json("loss-surface")
    assert number(page.locator(".surface .picread b").last.inner_text()) == pytest.approx(
        surface["path"]["losses"][0], abs=1e-8
    )
    page.keyboard.press("Escape")

    pick(page, "confusion")
    assert page.locator(".cfm td.right").all_inner_texts() == ["2", "2"]
    pick(page, "weights")
    assert page.locator(".wpanel").count() == 2


def test_gradients_vanish_in_sigmoid_layers_and_arrive_in_relu_layers(page: Page) -> None:
    lab = Lab(page).open("/#preset=deep-sigmoid&step=50&drawer=pictures")
    pick(page, "flow")

    def means() -> list[float]:
        texts = page.locator(".flowt tbody td:nth-child(2)").all_inner_texts()
        return [float(re.sub(r"×10⁻(.)", lambda m: f"e-{'⁰¹²³⁴⁵⁶⁷⁸⁹'.index(m[1])}", text)) for text in texts]

    vanished = means()
    assert vanished[0] < 0.02 * vanished[-1]
    page.get_by_role("button", name="5 ReLU layers").click()
    expect(page.locator("#preset")).to_have_value("deep-relu")
    lab.ready()
    expect(page.locator(".flowt tbody td:nth-child(3)").first).not_to_have_text("–")
    expect(page.locator("#flow-gradients")).to_be_attached()
    lab.run_epochs(5)
    expect(page.locator(".flowt caption")).to_have_text("After iteration 50")
    arrived = means()
    assert arrived[0] > 0.1 * arrived[-1]
    # The keys read any measured iteration; Enter travels there.
    page.locator("#flow-gradients").focus()
    page.keyboard.press("Home")
    expect(page.locator(".flowt caption")).to_have_text("Start")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".counter b").nth(1)).to_have_text("2")


def test_axe_finds_nothing_in_the_pictures(page: Page) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    Lab(page).open("/#preset=xor-2-2-1&step=40&drawer=pictures")
    page.evaluate(AXE)
    for name in NAMES:
        pick(page, name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            report = page.evaluate(
                "axe.run(document.querySelector('.drawer'), {resultTypes: ['violations']})"
            )
            assert [(found["id"], found["nodes"][0]["target"]) for found in report["violations"]] == []


def test_the_pictures_fit_a_phone(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/?lang=ko#preset=deep-relu&step=100&drawer=pictures")
    expect(page.locator(".ruler [data-tick]").first).to_be_attached()
    page.locator(".mtabs button").last.click()
    for name in NAMES:
        pick(page, name)
        assert Lab(page).overflow() <= 0
        small = page.locator(".dwb button:visible, .dwb select:visible").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
        )
        assert small == []
    assert not page.locator(".dwb").inner_text().count("pictures.")


def test_where_there_is_nothing_to_show_it_says_why(page: Page) -> None:
    Lab(page).open("/#preset=and-perceptron&drawer=pictures")
    page.locator("[data-pick='hidden']").click()
    expect(page.locator(".picempty")).to_contain_text("No hidden layer.")
    page.get_by_role("button", name="Load XOR 2-2-1").click()
    expect(page.locator("#preset")).to_have_value("xor-2-2-1")
    expect(page.locator("[data-picture='hidden']")).to_be_visible()
    # Nor is there a picture of numbers that are to be predicted.
    page.keyboard.press("p")
    expect(page.locator(".picempty")).to_contain_text("Not while you predict.")
    page.get_by_role("button", name="Stop predicting").click()
    expect(page.locator("[data-picture='hidden']")).to_be_visible()


def test_the_map_shows_classes_errors_and_zero_lines(page: Page) -> None:
    """Pixels against predict, marked points against the confusion matrix, lines against z = 0."""
    calls = Calls(page)
    lab = Lab(page).open("/#preset=blobs&step=8")
    page.locator("[data-view='class']").click()
    expect(page.locator(".viewkeys .wrongm")).to_be_visible()
    figure = page.locator("figure.bmap")
    left, right, low, high = (
        float(figure.get_attribute(f"data-{name}") or "") for name in ("x-min", "x-max", "y-min", "y-max")
    )
    places = [
        [left + (right - left) * (i + 0.5) / 9, low + (high - low) * (j + 0.5) / 9]
        for i in range(9)
        for j in range(9)
    ]
    outputs = predicted(page, calls.session, places)[-1]["activation"]
    colours: dict[int, set[tuple[int, int, int]]] = {}
    for (x, y), row in zip(places, outputs, strict=True):
        best, second = sorted(row)[-1], sorted(row)[-2]
        # Not on a border, where two regions share a pixel.
        if best - second > 0.1:
            colours.setdefault(row.index(best), set()).add(lab.colour_at(x, y))
    assert len(colours) == 3
    assert all(len(found) == 1 for found in colours.values())
    assert len(set.union(*colours.values())) == 3

    page.locator("[data-view='errors']").click()
    wrong = calls.json("confusion")["train"]["wrong"]
    assert wrong
    expect(page.locator(".viewkeys")).to_contain_text(f"{len(wrong)} of 200 wrong")
    marks = page.locator(".bmaps path.wrongm:not(.under)").first.get_attribute("d") or ""
    assert marks.count("M") == len(wrong)

    page.locator("#map-zero").click()
    expect(page.locator(".zlines [data-neuron]")).to_have_count(6)
    for one in calls.json("zero-lines")["neurons"]:
        for line in one["lines"]:
            layer = predicted(page, calls.session, line)[0]["net_input"]
            neuron = int(one["element"].split(".")[2])
            assert max(abs(row[neuron]) for row in layer) < 1e-9
    # The views follow training.
    lab.run_epochs(30)
    expect(page.locator(".viewkeys")).to_contain_text(" of 200 wrong")
    page.locator("[data-view='confidence']").click()
    expect(page.locator(".viewkeys")).to_have_count(0)
    page.locator("#map-iso").click()
    expect(page.locator(".bmaps path.iso:not(.half)")).to_have_attribute("d", "")


def test_loss_accuracy_and_smoothing(page: Page) -> None:
    lab = Lab(page).open("/#preset=moons&step=40")
    page.locator("[data-chart='accuracy']").click()
    session = page.locator(".outputs .acc").inner_text()
    right, everything = (int(part) for part in re.findall(r"\d+", session))
    shown = page.locator(".loss h2 .now b")
    expect(shown).to_have_text(re.compile(r"^\d"))
    assert float(shown.inner_text().removesuffix(" %")) == pytest.approx(100 * right / everything, abs=1e-3)
    page.locator("#accuracy-chart").focus()
    page.keyboard.press("Home")
    expect(page.locator(".lossread")).to_contain_text("Start")
    page.locator("[data-chart='loss']").click()
    page.locator("#loss-smooth").fill("0.9")
    expect(page.locator("#loss-smooth")).to_have_attribute("aria-valuetext", "90 %")
    # The readings stay what they are.
    expect(page.locator(".loss h2 .now b")).to_have_text(re.compile(r"^0\.\d{8}$"))
    lab.run_epochs(5)
    expect(page.locator("#loss-smooth")).to_have_value("0.9")
