"""The reader of the API's description works without any other host, under the page's own policy."""

from playwright.sync_api import Page, expect


def test_the_reader_lists_the_calls(page: Page) -> None:
    page.goto("/api")
    expect(page.get_by_text("/api/v1/sessions/{id}/microsteps")).to_be_visible()
    described = page.request.get("/api/v1/openapi.json").json()["paths"]
    calls = sum(len(operations) for operations in described.values())
    assert calls > 30
    expect(page.locator(".opblock")).to_have_count(calls)
    page.get_by_text("/api/v1/sessions/{id}/trace").click()
    expect(page.get_by_text("application/problem+json").first).to_be_visible()
