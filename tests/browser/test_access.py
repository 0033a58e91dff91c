"""A server with an access code, as a class meets it: typed, in a link, without JavaScript, and lost again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from tests.browser.conftest import Guard, serving

CODE = "K7QM-2XNA"


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The address of a server that asks for a code."""
    with serving(access_token=SecretStr(CODE)) as address:
        yield address


@pytest.fixture(autouse=True)
def refusals(guard: Guard) -> None:
    """A browser's console tells of every refused request."""
    guard.allow("status of 401")


def enter(page: Page, code: str) -> None:
    page.get_by_label("Access code").fill(code)
    page.get_by_role("button", name="Enter").click()


def test_a_code_that_is_typed_opens_what_was_wanted(page: Page, base_url: str) -> None:
    page.goto("/licences#end")
    expect(page.get_by_label("Access code")).to_be_focused()
    enter(page, "1234-5678")
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    enter(page, CODE.lower().replace("-", " "))
    # A shared link has what it shows in its fragment.
    page.wait_for_url("**/licences#end")

    # The page's own calls have the cookie, its streams too.
    page.goto("/")
    page.get_by_role("button", name="Step", exact=True).first.click()
    expect(page.get_by_role("alert")).to_have_count(0)
    # The requests that it shows for scripts say where the code goes, which the page itself does not know.
    page.get_by_role("tab", name="API").click()
    request = page.get_by_label("Request", exact=True).and_(page.locator("pre"))
    expect(request).to_contain_text("-H 'authorization: Bearer ACCESS-CODE'")
    page.get_by_role("button", name="Python").click()
    expect(request).to_contain_text('"authorization": "Bearer ACCESS-CODE"}')

    # A link on another site does not send it along; it is found all the same.
    page.goto("about:blank")
    page.set_content(f'<a href="{base_url}/licences#end">Today\'s lesson</a>')
    page.get_by_role("link").click()
    page.wait_for_url("**/licences#end")


def test_a_link_with_the_code_opens_the_page_and_hides_it(page: Page) -> None:
    page.goto(f"/licences?token={CODE}&lang=ko#end")
    assert page.url.endswith("/licences?lang=ko#end")
    (cookie,) = [each for each in page.context.cookies() if each["name"].startswith("deltaboard-access")]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert CODE not in cookie["value"]
    assert page.evaluate("document.cookie") == ""
    page.goto("/api?token=wrong")
    assert page.url.endswith("/api")
    page.context.clear_cookies()
    page.goto("/api?token=wrong")
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    assert "token" not in page.url
    page.get_by_role("link", name="한국어").click()
    expect(page.get_by_label("접속 코드")).to_be_visible()


def test_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(f'<a href="{base_url}/licences#end">Today\'s lesson</a>')
    page.get_by_role("link").click()
    enter(page, CODE)
    page.wait_for_url("**/licences")
    context.close()


def test_a_page_whose_cookie_is_gone_says_so_and_goes_on(page: Page) -> None:
    page.goto(f"/?token={CODE}")
    step = page.get_by_role("button", name="Step", exact=True).first
    step.click()
    page.context.clear_cookies()
    page.keyboard.press("n")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("asks for its access code again")
    with page.context.expect_page() as opened:
        banner.get_by_role("link").click()
    enter(opened.value, CODE)
    opened.value.wait_for_url("**/")
    opened.value.close()
    banner.get_by_role("button", name="Try again").click()
    expect(banner).to_have_count(0)


def test_in_a_network_without_https_it_copies_all_the_same(page: Page) -> None:
    # Browsers offer the clipboard to https and to this machine alone.
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    page.goto(f"/?token={CODE}")
    page.get_by_role("button", name="Step", exact=True).first.click()
    page.get_by_role("button", name="Share").first.click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/login?here=1")
    page.get_by_label("Access code").press("ControlOrMeta+v")
    expect(page.get_by_label("Access code")).to_have_value(re.compile("http://.*/#.*preset=worked-example"))
