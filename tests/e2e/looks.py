"""What can be measured of a page's looks: axe in light and dark, its width, and whether a thumb hits each control."""

from playwright.sync_api import Page

from tests.e2e.conftest import DESK, PHONE, ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RUN_AXE = """only => new Promise(done => requestAnimationFrame(() => setTimeout(done))).then(() => axe.run(document, {resultTypes: ['violations'], ...(only && {runOnly: only})})).then(r =>
  r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))"""
#: Parts that htmx fetches when the page opens have arrived; the count in the top bar may come later.
SETTLED = """() => document.readyState === 'complete' &&
  !document.querySelector('main .htmx-request, main [hx-get][hx-trigger=load]') &&
  [...document.querySelectorAll('.graph-canvas')].every(e => e.dataset.ready)"""
#: Controls less than 44 px high while another begins within 44 px around their middle. A link among words of its line is
#: excepted (WCAG 2.5.8), and so is what passes below a bar that stays in place.
SMALL_TARGETS = """() => {
  const near = 22, small = [], bars = '.sidebar, .topbar, .form-buttons, .consequence-act, .bulk-bar';
  const shown = [...document.querySelectorAll(
    'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=option]')].filter(e =>
    e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.disabled &&
    !e.closest('.visually-hidden, .skip'));
  const boxOf = e => {
    const label = e.matches('input') && e.closest('label');
    if (label) return label.getBoundingClientRect();
    let box = e;
    if (getComputedStyle(e, '::after').position === 'absolute')
      while (getComputedStyle(box).position === 'static') box = box.parentElement;
    return box.getBoundingClientRect();
  };
  const isAmongWords = e => e.matches('a, button') && getComputedStyle(e).display === 'inline' &&
    [...e.parentElement.childNodes].some(n => n !== e && n.nodeType === 3 && n.textContent.trim().length > 1);
  const words = e => (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().slice(0, 40);
  const boxes = shown.map(e => [e, boxOf(e), e.closest(bars)]).filter(([, b]) => b.width > 2 && b.height > 2);
  for (const [e, b, bar] of boxes) {
    if (b.height >= 43.5 || isAmongWords(e)) continue;
    const x = b.left + b.width / 2, y = b.top + b.height / 2;
    const left = Math.min(b.left, x - near), right = Math.max(b.right, x + near);
    const beside = boxes.find(([o, c, itsBar]) => o !== e && itsBar === bar && !e.contains(o) && !o.contains(e) &&
      c.top < y + near && c.bottom > y - near && c.left < right && c.right > left);
    if (beside) small.push(`"${words(e)}" is ${Math.round(b.height)} px high beside "${words(beside[0])}"`);
  }
  return small.slice(0, 6);
}"""


def settle(page: Page) -> None:
    """Wait until the page and the parts it fetches are there."""
    page.wait_for_function(SETTLED)


def problems_of(page: Page) -> list[str]:
    """Look at the open page on the desk and on the phone, in light and in dark; return what is wrong."""
    found = []
    page.evaluate(AXE)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        place = f"at {size['width']} px"
        found += [f"{place}: {problem}" for problem in [*too_wide(page), *violations(page)]]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"{place}, dark: {problem}" for problem in violations(page, "color-contrast")]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found + [f"{place}: {problem}" for problem in page.evaluate(SMALL_TARGETS)]


def too_wide(page: Page) -> list[str]:
    """Say by how much the document is wider than the window."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{over} px too wide"] if over > 1 else []


def violations(page: Page, *rules: str) -> list[str]:
    """Return what axe finds, by all its rules or only the named ones."""
    return page.evaluate(RUN_AXE, list(rules) or None)
