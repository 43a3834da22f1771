"""Pages on paper: the facts, legible, without what only a screen can do."""

import io

import pikepdf
import pytest

from tests.e2e.looks import settle

ON_PAPER = """() => ({
  hidden: ['.sidebar', '.topbar', '.tabs', '.page-actions'].filter(s => {
    const e = document.querySelector(s); return e && e.checkVisibility(); }),
  buttons: [...document.querySelectorAll('main button, main .btn')].filter(e => e.checkVisibility() && !e.matches('.chip')).length,
  ground: getComputedStyle(document.body).backgroundColor,
  smallest: Math.min(...[...document.querySelectorAll('main :is(td, dd, dt, a, h1, h2, small)')]
    .filter(e => e.checkVisibility() && e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize)))})"""


@pytest.mark.parametrize("path", ["/plant/assets/?code=NF-NET-CSW01", "/changes/?state=submitted"])
def test_an_object_prints_its_facts_on_white_without_navigation(enter, path):
    page = enter("administrator")
    page.goto(path)
    page.locator(".main-link").first.click()
    settle(page)
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.evaluate(ON_PAPER)
    assert paper["hidden"] == []
    assert paper["buttons"] == 0
    assert paper["ground"] == "rgb(255, 255, 255)"
    assert paper["smallest"] >= 10
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as document:
        assert 1 <= len(document.pages) <= 4


def test_the_ownership_map_prints_on_one_page(enter):
    page = enter("leader")
    page.goto("/ownership/")
    settle(page)
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as document:
        assert len(document.pages) == 1
