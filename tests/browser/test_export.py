"""What can be taken along: pictures as SVG and PNG, tables as CSV, the session as a file that opens again."""

from __future__ import annotations

import csv
import json
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import MINUS, Lab, number

SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Page, picture: str, kind: str, folder: Path) -> Path:
    """Choose a kind of file in a picture's menu, and return what was saved."""
    page.locator(f"[data-picture={picture}] .xmenu > button").first.click()
    with page.expect_download() as download:
        page.locator(f".xlist [data-export={kind}]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def records(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def png_size(path: Path) -> tuple[int, int]:
    """Return width and height from the file's header."""
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_pictures_and_tables(page: Page, tmp_path: Path) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1&step=40&micro=6")
    for picture in ("network", "map", "neurons", "loss"):
        path = saved(page, picture, "svg", tmp_path)
        assert path.name == f"deltaboard-xor-2-2-1-{picture}.svg"
        text = path.read_text("utf-8")
        drawn = ElementTree.fromstring(text)
        width, height = (float(drawn.attrib[name]) for name in ("width", "height"))
        # It needs no style sheet, runs nothing and asks for nothing.
        assert not re.search(r"<script|<style|\s(class|style)=|var\(|https?://(?!www\.w3\.org)", text)
        png = saved(page, picture, "png", tmp_path)
        assert png_size(png) == (2 * width, 2 * height)

    network = ElementTree.parse(tmp_path / "deltaboard-xor-2-2-1-network.svg")
    words = ["".join(one.itertext()) for one in network.iter(f"{SVG}text")]
    for neuron in ("a.1.0", "a.1.1", "a.2.0"):
        assert (lab.neuron_value(neuron).text_content() or "") in words
    # The curve is a line through the recorded losses, not a photograph.
    loss = ElementTree.parse(tmp_path / "deltaboard-xor-2-2-1-loss.svg")
    assert not list(loss.iter(f"{SVG}image"))
    lines = [path.attrib["d"] for path in loss.iter(f"{SVG}path")]
    assert 40 in [line.count("L") for line in lines]
    assert len(list(ElementTree.parse(tmp_path / "deltaboard-xor-2-2-1-map.svg").iter(f"{SVG}image"))) == 1

    table = saved(page, "loss", "csv", tmp_path)
    rows = records(table)
    assert [int(row["step"]) for row in rows] == list(range(41))
    shown = number(page.locator("#loss-title ~ .now b").inner_text())
    assert abs(float(rows[-1]["loss"]) - shown) < 1e-8

    # The drawer's tables, and with the keyboard the header's.
    page.locator("#drawer-matrices").click()
    page.locator(".dwh .xmenu > button").click()
    with page.expect_download() as download:
        page.locator(".xlist [data-export=matrices]").click()
    assert download.value.suggested_filename == "deltaboard-xor-2-2-1-matrices.csv"
    header = page.locator(".wide-tools .xmenu > button")
    header.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".xlist [role=menuitem]").first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator(".xlist")).to_have_count(0)
    expect(header).to_be_focused()
    page.keyboard.press("Enter")
    # The menu brings the keyboard to its first entry; only then is another one chosen.
    expect(page.locator(".xlist [role=menuitem]").first).to_be_focused()
    with page.expect_download() as download:
        page.locator(".xlist [data-export=parameters]").press("Enter")
    assert download.value.suggested_filename == "deltaboard-xor-2-2-1-parameters.csv"
    download.value.save_as(tmp_path / "parameters.csv")
    rows = records(tmp_path / "parameters.csv")
    first = lab.weight("w.1.0.0").get_attribute("aria-label") or ""
    assert f"{float(rows[0]['value']):.4f}".replace("-", MINUS) in first

    # What is to be predicted is in no file.
    lab.press("p")
    expect(page.locator(".ptoggle [role=switch]")).to_have_attribute("aria-checked", "true")
    header.click()
    page.locator(".xlist [data-export=trace]").click()
    expect(page.locator(".toast")).to_contain_text("not saved while")


def test_a_session_file_opens_again_at_the_same_step(page: Page, guard: Guard, tmp_path: Path) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    lab.run_epochs(10)
    lab.step(1, 41)
    page.locator(".wide-tools .xmenu > button").click()
    with page.expect_download() as download:
        page.locator(".xlist [data-export=session]").click()
    assert download.value.suggested_filename == "deltaboard-xor-2-2-1.json"
    path = tmp_path / "session.json"
    download.value.save_as(path)
    document = json.loads(path.read_text("utf-8"))
    assert document["deltaboard"] == 1
    assert re.fullmatch("[0-9a-f]{64}", document["parameters_sha256"])
    shown = lab.state()

    def open_file(content: str) -> None:
        path.write_text(content, "utf-8")
        page.locator(".wide-tools .xmenu > button").click()
        with page.expect_file_chooser() as chooser:
            page.locator(".xlist [data-export=open]").click()
        chooser.value.set_files(path)

    lab.choose_preset("worked-example")
    with page.expect_response(lambda reply: reply.url.endswith("/sessions/import")) as reply:
        open_file(path.read_text("utf-8"))
    assert reply.value.json()["parameters"] == "identical"
    lab.expect_counts(1, 41)
    assert lab.state() == shown

    # Changed by hand it is refused, with the reason; the session shown stays.
    recipe = document["recipe"]
    recipe["create"]["seed"] = 4
    guard.allow("422")
    open_file(json.dumps({**document, "recipe": recipe}))
    expect(page.locator(".banner.err")).to_contain_text("checksum does not fit")
    lab.expect_counts(1, 41)
