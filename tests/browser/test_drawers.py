"""The drawer's tables of numbers: matrices, the batch sample by sample, the optimizer's working."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from tests.browser.conftest import Guard
from tests.browser.lab import GOLDEN, MINUS, Lab, settle, two_frames, wait_until
from tests.browser.test_languages_and_devices import AXE

WORKED = GOLDEN["worked_example_2_2_2"]
WAITING = "·"

# Draws one tab by itself, with the numbers of the session that the page shows.
MOUNT = """async ([file, name, props]) => {
  const { h, render } = await import('preact');
  const view = (await import(`/static/js/views/${file}.js`))[name];
  const { symbolLookup } = await import('/static/js/lib/symbols.js');
  const box = document.createElement('div');
  box.id = 'alone';
  document.body.append(box);
  const actions = { hover: () => {}, goToRef: () => {}, setSample: () => {}, chooseParameter: () => {} };
  const symbolOf = symbolLookup(props.session);
  render(h(view, { decimals: 4, hover: null, lang: 'en', t: (key) => key, actions, symbolOf, ...props,
    hidden: new Set(props.hidden ?? []) }), box);
}"""


class Recorder:
    """The last reply of each kind that the page got."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last: dict[str, Any] = {}
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        found = re.search(r"/sessions/[^/?]+/(\w+)", response.url)
        if found and response.request.method == "GET" and response.ok:
            self.last[found[1]] = response

    def reply(self, kind: str) -> Any:
        # A round trip first: what the page has received may still be on its way here.
        self.page.evaluate("0")
        return self.last[kind].json()

    def session(self) -> Any:
        address = re.sub(r"(/sessions/[^/?]+).*", r"\1", self.last["trace"].url)
        return self.page.evaluate("async (address) => (await fetch(address)).json()", address)


def cells(page: Page, variable: str) -> list[list[str]]:
    """Return what a matrix shows, row by row."""
    rows: list[list[str]] = page.locator(f"figure[data-matrix={variable}] tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return rows


def printed(values: list[list[float]], decimals: int = 4) -> list[list[str]]:
    return [[f"{value:.{decimals}f}".replace("-", MINUS) for value in row] for row in values]


def transposed(rows: list[list[float]]) -> list[list[float]]:
    """The document's rows are the receiving neurons, the page's columns are."""
    return [list(column) for column in zip(*rows, strict=True)]


def marked(page: Page, kind: str) -> list[str]:
    """Return the matrix, row and column of every entry of this class."""
    found: list[str] = page.locator(f".mats td.{kind}").evaluate_all(
        "all => all.map((cell) => `${cell.closest('figure').dataset.matrix}"
        "[${cell.parentElement.rowIndex}][${cell.cellIndex}]`)"
    )
    return sorted(found)


def open_tab(lab: Lab, key: str, content: str) -> Locator:
    lab.press(key)
    shown = lab.page.locator(content)
    expect(shown.first).to_be_visible()
    return shown


def full_batch(lab: Lab) -> None:
    with lab.page.expect_response(lambda response: "/trace" in response.url):
        lab.page.locator("#setup-training").get_by_role("button", name="Full", exact=True).click()
    expect(lab.counter).to_contain_text("/ 14")  # with the steps that combine the samples
    lab.page.mouse.move(0, 0)
    lab.page.evaluate("document.activeElement.blur()")


def use_optimizer(lab: Lab, name: str) -> None:
    with lab.page.expect_response(lambda response: "/trace" in response.url):
        lab.page.locator("#setup-training select").filter(
            has=lab.page.locator("option[value=adam]")
        ).select_option(name)
    lab.page.evaluate("document.activeElement.blur()")


def test_matrices_show_every_number_of_the_worked_example(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("End")
    open_tab(lab, "m", ".mats figure")
    forward, backward = WORKED["forward"], WORKED["backward"]
    shown = {
        "W1": transposed(WORKED["W1"]),
        "Z1": [forward["z_hidden"]],
        "A1": [forward["h"]],
        "X2": [forward["h"]],
        "W2": transposed(WORKED["W2"]),
        "Z2": [forward["z_output"]],
        "A2": [forward["o"]],
        "delta2": [backward["delta_output"]],
        "dW2": transposed(backward["dE_dW2"]),
        "delta1": [backward["delta_hidden"]],
        "dW1": transposed(backward["dE_dW1"]),
        "W1_new": transposed(WORKED["updated"]["W1"]),
        "W2_new": transposed(WORKED["updated"]["W2"]),
    }
    expect(page.locator("figure[data-matrix=W2_new] td.f").first).to_be_visible()
    assert {name: cells(page, name) for name in shown} == {
        name: printed(rows) for name, rows in shown.items()
    }
    assert cells(page, "X1") == [["0.1", "0.2"]]
    assert page.locator("figure[data-matrix=dW2] figcaption small").inner_text() == "2×2"
    assert page.locator("figure[data-matrix=Z1] figcaption small").inner_text() == "1×2"
    page.get_by_label("Factors of δ").check()
    assert cells(page, "dA2") == printed([backward["dE_do"]])
    assert cells(page, "slope1") == printed([backward["dh_dz"]])


def test_a_micro_step_lights_its_entries(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(lab.counter).to_contain_text("51")
    open_tab(lab, "m", ".mats figure")
    assert marked(page, "f") == []
    assert cells(page, "W1") == printed(transposed(WORKED["W1"]))
    assert cells(page, "Z1") == [[WAITING, WAITING]]
    # The first product: its two factors, along the sample's row of X and the neuron's column of W.
    lab.step(1)
    assert (marked(page, "f"), marked(page, "u")) == ([], ["W1[0][0]", "X1[0][0]"])
    assert marked(page, "band") == ["W1[0][0]", "W1[1][0]", "X1[0][0]", "X1[0][1]"]
    # The gradient of w5, micro-step 23 of the document's order.
    for micro in range(2, 24):
        lab.step(micro)
    expect(page.locator("figure[data-matrix=dW2] td.f")).to_have_text(
        f"{WORKED['backward']['dE_dW2'][0][0]:.4f}"
    )
    assert marked(page, "f") == ["dW2[0][0]"]
    assert marked(page, "u") == ["A1[0][0]", "X2[0][0]"]
    assert marked(page, "w") == [
        *(f"dW1[{i}][{j}]" for i in (0, 1) for j in (0, 1)),
        "dW2[0][1]",
        "dW2[1][0]",
        "dW2[1][1]",
        *(f"delta1[0][{j}]" for j in (0, 1)),
        "delta2[0][1]",
    ]
    entry = page.locator("figure[data-matrix=dW2] td.f")
    assert entry.get_attribute("aria-current") == "step"
    # What the micro-step makes is in sight without scrolling.
    assert entry.evaluate(
        "cell => { const a = cell.getBoundingClientRect(), b = cell.closest('.dwb').getBoundingClientRect();"
        " return a.top >= b.top && a.bottom <= b.bottom; }"
    )


def test_an_entry_lights_its_symbol_and_leads_to_where_it_was_made(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(lab.counter).to_contain_text("51")
    lab.press("End")
    lab.expect_counts(51, 1)
    open_tab(lab, "m", ".mats figure")
    last = page.locator("figure[data-matrix=W2] td[data-ref='w.2.1.1']")
    last.hover()
    expect(last).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator(".equation .lit").first).to_be_attached()
    page.locator("figure[data-matrix=A1] td").first.click()
    lab.expect_counts(4, 1)
    expect(page.locator("figure[data-matrix=A1] td.f")).to_have_text("0.5200")
    assert cells(page, "Z2") == [[WAITING, WAITING]]


def test_arrow_keys_walk_through_a_matrix_and_do_not_step(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    open_tab(lab, "m", ".mats figure")
    grid = page.locator("figure[data-matrix=W1] table")
    grid.locator("td").first.focus()
    for key, ref in [
        ("ArrowRight", "w.1.0.1"),
        ("ArrowDown", "w.1.1.1"),
        ("ArrowRight", "w.1.1.1"),
        ("ArrowLeft", "w.1.1.0"),
    ]:
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_have_attribute("data-ref", ref)
    lab.expect_counts(1, 1)


def test_matrices_are_copied_as_numpy_prints_them(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    recorder = Recorder(page)
    lab = Lab(page).open()
    lab.press("End")
    open_tab(lab, "m", ".mats figure")
    page.get_by_role("button", name="Copy dW2 as numpy").click()
    expect(page.locator("figure[data-matrix=dW2] .cws")).to_have_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    matrices = [one for layer in recorder.reply("matrices")["layers"] for one in layer["matrices"]]
    found = ast.literal_eval(text.removeprefix("array(").removesuffix(")"))
    assert found == next(one["values"] for one in matrices if one["variable"] == "dW2")
    golden = transposed(WORKED["backward"]["dE_dW2"])
    assert all(row == pytest.approx(wanted, abs=1e-15) for row, wanted in zip(found, golden, strict=True))
    page.get_by_role("button", name="Copy all as numpy").click()
    program = ast.parse(page.evaluate("navigator.clipboard.readText()"))
    made = {
        line.targets[0].id: ast.literal_eval(line.value.args[0])
        for line in program.body
        if isinstance(line, ast.Assign)
        and isinstance(line.targets[0], ast.Name)
        and isinstance(line.value, ast.Call)
    }
    assert made == {one["variable"]: one["values"] for one in matrices}


def test_a_refused_copy_says_so(page: Page) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    lab = Lab(page).open()
    open_tab(lab, "m", ".mats figure")
    page.get_by_role("button", name="Copy all as numpy").click()
    expect(page.locator(".mnote .cws")).to_have_text("Copying is not allowed here")


HOLD_THE_FIRST = """
const real = window.fetch;
let first = true;
window.fetch = async (...given) => {
  const reply = await real(...given);
  if (first && String(given[0]).includes("/matrices?")) {
    first = false;
    await new Promise((done) => (window.release = done));
  }
  return reply;
};
"""


def test_a_slow_answer_does_not_replace_that_of_a_later_iteration(page: Page) -> None:
    page.add_init_script(HOLD_THE_FIRST)
    lab = Lab(page).open()
    lab.press("m")
    wait_until(page, lambda: page.evaluate("() => Boolean(window.release)"))
    lab.press("n")
    expect(lab.counter.locator("b").nth(1)).to_have_text("2")
    panel = page.locator("#drawer-panel .mats")
    expect(panel).to_be_visible()
    settle(page)
    shown = panel.inner_text()
    page.evaluate("() => window.release()")
    # Whatever it leads to is drawn two frames later.
    two_frames(page)
    assert panel.inner_text() == shown


def test_the_batch_is_rows_with_the_current_sample_marked(page: Page) -> None:
    recorder = Recorder(page)
    lab = Lab(page).open("/#preset=xor-2-2-1")
    full_batch(lab)
    lab.press("End")
    open_tab(lab, "m", ".mats figure")
    expect(page.locator("figure[data-matrix=Z1] tr")).to_have_count(4)
    reply = recorder.reply("matrices")
    for layer in reply["layers"]:
        for one in layer["matrices"]:
            if one["name"] in (
                "net_input",
                "activation",
                "delta",
                "weight_gradient",
                "sample_weight_gradient",
            ):
                assert cells(page, one["variable"]) == [
                    [shown(value) for value in row] for row in one["values"]
                ]
    own = page.locator("figure[data-matrix=Z1] tr").nth(reply["position"]).locator("td.own")
    expect(own).to_have_count(2)
    # Another sample's row leads to that sample.
    other = (reply["position"] + 1) % 4
    with page.expect_response(lambda response: "/matrices" in response.url):
        page.locator("figure[data-matrix=Z1] tr").nth(other).locator("td").first.click()
    expect(page.locator("figure[data-matrix=Z1] tr").nth(other).locator("td.own")).to_have_count(2)


def shown(value: float) -> str:
    """Return a number as the page prints it with four decimals."""
    text = f"{abs(value):.4f}"
    if value and float(text) == 0:
        mantissa, exponent = f"{abs(value):.1e}".split("e")
        text = f"{mantissa}×10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return MINUS + text if value < 0 else text


def test_the_batch_under_the_microscope(page: Page) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    full_batch(lab)
    open_tab(lab, "s", ".bat tr[data-sample]")
    for element in ("w.2.0.0", "w.1.1.0", "b.2.0"):
        with page.expect_response(re.compile(f"element={re.escape(element)}$")) as got:
            page.locator("select[data-choice=parameter]").select_option(element)
        reply = got.value.json()
        expect(page.locator(".bat .sums.total .num")).to_have_text(shown(reply["total"]))
        for one in reply["samples"]:
            row = page.locator(f".bat tr[data-sample='{one['sample']}']")
            expect(row.locator(".grad")).to_have_text(shown(one["gradient"]))
            # The side of the bar, and its pattern, tell the sign without colour.
            sides = row.locator("rect").evaluate_all(
                "bars => bars.map((bar) => [bar.getAttribute('class'), +bar.getAttribute('x'),"
                " +bar.getAttribute('x') + +bar.getAttribute('width')])"
            )
            middle = float(str(row.locator(".zero").get_attribute("d")).removeprefix("M").split()[0])
            expect(row.locator(".hatch")).to_have_count(1 if one["gradient"] < 0 else 0)
            if one["gradient"]:
                [[kind, left, right]] = sides
                assert kind == ("pos" if one["gradient"] > 0 else "neg")
                assert (left if one["gradient"] > 0 else right) == pytest.approx(middle)
            else:
                assert sides == []
        assert page.locator("[data-sum=positive]").inner_text() == shown(reply["positive"])
        assert page.locator("[data-sum=negative]").inner_text() == shown(reply["negative"])
        assert page.locator(".batsum output").inner_text() == shown(reply["combined"])
        assert reply["combined"] == pytest.approx(reply["total"] / 4, abs=1e-15)
        expect(page.locator(".batsum")).to_contain_text(f"1/4 × {shown(reply['total'])}")
        percent = f"{100 * reply['cancellation']:.0f} %"
        expect(page.locator(".cancel")).to_contain_text(
            percent if 0.01 <= reply["cancellation"] <= 0.999 else "%"
        )
    row = page.locator(".bat tr[data-sample='1']")
    with page.expect_response(lambda reply: "/microsteps" in reply.url and "sample=1" in reply.url) as told:
        row.click()
    expect(row).to_have_attribute("aria-current", "true")
    assert told.value.json()["sample"] == 1


def test_a_batch_of_one_is_said_to_be_one(page: Page) -> None:
    lab = Lab(page).open()
    open_tab(lab, "s", ".bat tr[data-sample]")
    expect(page.locator(".bat tr[data-sample]")).to_have_count(1)
    expect(page.locator(".bath")).to_contain_text("single sample")
    page.locator("select[data-choice=parameter]").select_option("w.2.0.0")
    expect(page.locator(".batsum output")).to_have_text(f"{WORKED['backward']['dE_dW2'][0][0]:.4f}")
    expect(page.locator(".cancel")).to_have_count(0)


def column(trace: dict[str, Any], ref: str) -> list[float]:
    """Return one parameter's numbers as Adam's table has them."""
    kind, layer, *rest = ref.split(".")
    place = [int(part) for part in rest]

    def at(record: dict[str, Any]) -> float:
        value = record["weights" if kind == "w" else "biases"][int(layer) - 1]
        for index in place:
            value = value[index]
        return float(value)

    gradient = trace["layers"][int(layer) - 1][
        "batch_weight_gradient" if kind == "w" else "batch_bias_gradient"
    ]
    for index in place:
        gradient = gradient[index]
    state, optimizer = trace["optimizer"]["state_before"], trace["optimizer"]
    after, terms = optimizer["state_after"], optimizer["terms"]
    own = [
        at(state["m"]),
        at(after["m"]),
        at(state["v"]),
        at(after["v"]),
        at(terms["m_hat"]),
        at(terms["v_hat"]),
    ]
    return [at(trace["before"]), gradient, *own, at(trace["update"]), at(trace["after"])]


def row_of(page: Page, ref: str) -> list[str]:
    found: list[str] = page.locator(f".opt tr[data-parameter='{ref}'] td").all_inner_texts()
    return found


def test_adam_number_by_number(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    recorder = Recorder(page)
    lab = Lab(page).open("/#preset=xor-2-2-1")
    use_optimizer(lab, "adam")
    lab.press("n")
    lab.expect_counts(0, 2)
    open_tab(lab, "o", ".opt tr[data-parameter]")
    refs = ["w.1.0.0", "w.1.1.0", "b.1.0", "w.1.0.1", "w.1.1.1", "b.1.1", "w.2.0.0", "w.2.1.0", "b.2.0"]
    assert (
        page.locator(".opt tr[data-parameter]").evaluate_all("all => all.map((row) => row.dataset.parameter)")
        == refs
    )
    trace = recorder.reply("trace")
    assert trace["step"] == 1
    # Before the first micro-step only the values and the state are there.
    for ref in refs:
        texts, values = row_of(page, ref), column(trace, ref)
        given = (0, 2, 4)
        assert texts == [shown(value) if at in given else WAITING for at, value in enumerate(values)]
    lab.press("End")
    expect(page.locator(".opt td.w")).to_have_count(0)
    for ref in refs:
        assert row_of(page, ref) == [shown(value) for value in column(trace, ref)]
    expect(page.locator(".opt tr.cur")).to_have_count(3)
    page.get_by_role("button", name="Copy table").click()
    lines = page.evaluate("navigator.clipboard.readText()").strip("\n").split("\n")
    table = [line.split("\t") for line in lines]
    assert table[0][3:] == [
        "value",
        "gradient",
        "m (old)",
        "m (new)",
        "v (old)",
        "v (new)",
        "m_hat",
        "v_hat",
        "change",
        "new value",
    ]
    assert [line[1] for line in table[1:]] == refs
    for line in table[1:]:
        assert [float(cell) for cell in line[3:]] == column(trace, line[1])


def test_one_update_micro_step_fills_one_row(page: Page) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    use_optimizer(lab, "adam")
    lab.press("1")
    expect(lab.counter).to_contain_text("/ 79")
    for _ in range(4):
        lab.press("Shift+ArrowRight")
    expect(page.locator(".stage .tag.upd")).to_be_visible()
    open_tab(lab, "o", ".opt tr[data-parameter]")
    # m of w1 and nothing after it.
    row = page.locator(".opt tr.cur")
    expect(row).to_have_attribute("data-parameter", "w.1.0.0")
    expect(row.locator("td.f")).to_have_count(1)
    assert [text == WAITING for text in row_of(page, "w.1.0.0")] == [False] * 4 + [False] + [True] * 5
    assert [text == WAITING for text in row_of(page, "w.2.0.0")] == [False, False, False, True, False] + [
        True
    ] * 5


@pytest.mark.parametrize("kind", ["matrices", "samples", "optimizer"])
def test_what_is_to_be_predicted_prints_as_a_question_mark(page: Page, kind: str) -> None:
    recorder = Recorder(page)
    lab = Lab(page).open("/#preset=xor-2-2-1")
    full_batch(lab)
    open_tab(lab, "m", ".mats figure")
    open_tab(lab, "s", ".bat tr[data-sample]")
    session = recorder.session()
    props: dict[str, Any] = {
        "session": session,
        "sample": 2,
        "index": -1,
        "microsteps": None,
        "catalog": None,
    }
    trace = recorder.reply("trace")
    if kind == "matrices":
        hidden = ["a.1.0", "d.1.1", "Gw.2.1.0"]
        page.evaluate(
            MOUNT,
            ["matrices", "MatricesTab", {**props, "data": recorder.reply("matrices"), "hidden": hidden}],
        )
        found = page.locator("#alone td", has_text=re.compile(r"^\?$"))
        # Four samples' a, in A of layer 1 and as inputs of layer 2; four deltas; one gradient.
        expect(found).to_have_count(4 + 4 + 4 + 1)
        expect(page.locator("#alone figure[data-matrix=A1] .copyw")).to_be_disabled()
        expect(page.locator("#alone figure[data-matrix=W1] .copyw")).to_be_enabled()
        expect(page.locator("#alone .mnote .copyw")).to_be_disabled()
    elif kind == "samples":
        data = recorder.reply("contributions")
        hidden = [f"g{data['element']}"]
        page.evaluate(
            MOUNT,
            [
                "batch_bars",
                "SamplesTab",
                {**props, "data": data, "element": data["element"], "hidden": hidden},
            ],
        )
        expect(page.locator("#alone tr[data-sample] .grad", has_text="?")).to_have_count(4)
        expect(page.locator("#alone rect")).to_have_count(0)
        expect(page.locator("#alone thead .bsc")).to_have_text("0")
        expect(page.locator("#alone .batsum output")).to_have_text("?")
        expect(page.locator("#alone .cancel")).to_have_count(0)
    else:
        hidden = ["nw.1.0.0", "Gw.2.0.0"]
        page.evaluate(
            MOUNT,
            ["optimizer_table", "OptimizerTab", {**props, "trace": trace, "element": None, "hidden": hidden}],
        )
        # The change gives the new value away.
        expect(page.locator("#alone tr[data-parameter='w.1.0.0'] td", has_text="?")).to_have_count(2)
        expect(page.locator("#alone tr[data-parameter='w.2.0.0'] td", has_text="?")).to_have_count(1)
    page.evaluate("document.getElementById('alone').remove()")


def test_the_textbook_orientation_transposes_the_weights(page: Page) -> None:
    recorder = Recorder(page)
    lab = Lab(page).open("/#preset=xor-numpy")
    open_tab(lab, "m", ".mats figure")
    data = recorder.reply("matrices")
    props = {"session": recorder.session(), "sample": 0, "index": -1, "microsteps": None, "data": data}
    page.evaluate(MOUNT, ["matrices", "MatricesTab", {**props, "notation": {"orientation": "out_in"}}])
    alone = page.locator("#alone figure[data-matrix=W1]")
    weights = data["layers"][0]["matrices"][1]["values"]
    rows = alone.locator("tr").evaluate_all(
        "all => all.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    assert rows == [[shown(value) for value in row] for row in transposed(weights)]
    assert alone.locator("figcaption small").inner_text() == f"{len(weights[0])}×{len(weights)}"
    assert "⊤" in alone.locator("figcaption").inner_text()
    assert alone.locator("tr").nth(1).locator("td").first.get_attribute("data-ref") == "w.1.0.1"
    page.evaluate("document.getElementById('alone').remove()")


def test_a_large_network_is_drawn_in_part_and_paged(page: Page) -> None:
    lab = Lab(page).open("/#preset=spirals")
    open_tab(lab, "m", ".mats figure")
    expect(page.locator(".mx td.gap").first).to_be_attached()
    most = page.locator(".mx table").evaluate_all(
        "all => Math.max(...all.map((one) => one.rows.length * one.rows[0].cells.length))"
    )
    assert most <= 14 * 10
    open_tab(lab, "o", ".opt tr[data-parameter]")
    total = page.locator(".opt tr[data-parameter]").count()
    assert 0 < total <= 200
    with_layer = page.locator("select[data-choice=layer]")
    if with_layer.count():
        with_layer.select_option("1")
        expect(page.locator(".opt tr[data-parameter]").first).to_have_attribute("data-parameter", "w.2.0.0")


def test_predict_hides_what_is_asked_in_the_matrices(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(lab.counter).to_contain_text("51")
    open_tab(lab, "m", ".mats figure")
    for micro in range(1, 5):
        lab.step(micro)
    expect(page.locator("figure[data-matrix=A1] td.f")).to_have_text("0.5200")
    lab.press("p")
    # The number asked for is marked, its copy in the next layer's inputs too; what comes later stays closed.
    for matrix in ("A1", "X2"):
        expect(page.locator(f"figure[data-matrix={matrix}] td.f")).to_have_text("?")
    assert cells(page, "dW2") == [["?", "?"], ["?", "?"]]
    assert cells(page, "W1") == printed(transposed(WORKED["W1"]))
    expect(page.get_by_role("button", name="Copy all as numpy")).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_tables(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    lab = Lab(page).open("/#preset=xor-2-2-1")
    full_batch(lab)
    lab.press("Shift+ArrowRight", 3)
    contents = [("m", ".mats td.f"), ("s", ".bat tr[data-sample]"), ("o", ".opt tr[data-parameter]")]
    for key, content in contents:
        open_tab(lab, key, content)
        page.evaluate(AXE)
        report = page.evaluate("axe.run(document.querySelector('.drawer'), {resultTypes: ['violations']})")
        assert [(found["id"], found["nodes"][0]["target"]) for found in report["violations"]] == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_tables_fit_a_phone(context: BrowserContext, guard: Guard, language: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    lab = Lab(page)
    page.goto(f"/?lang={language}#preset=xor-2-2-1")
    page.locator(".mtabs button, .mtabs a").last.click()
    for key, content in [
        ("m", ".mats figure"),
        ("s", ".bat tr[data-sample]"),
        ("o", ".opt tr[data-parameter]"),
    ]:
        open_tab(lab, key, content)
        assert lab.overflow() <= 0
        small = page.locator(".dwb button:visible, .dwb select:visible").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
        )
        assert small == []
    assert not page.locator(".dwb").inner_text().count("matrices.")
    assert guard.unexpected() == []
