// A table wider than its place scrolls sideways: then, and only then, the keyboard can reach it, under a name.

function nameOf(place: HTMLElement): string {
  const heading = place.closest(".sheet")?.querySelector("h2, h3") ?? document.querySelector("h1");
  return heading?.textContent?.trim() ?? "";
}

function refresh(place: HTMLElement): void {
  const isScrolling = place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1;
  place.classList.toggle("scrolls-sideways", place.scrollWidth > place.clientWidth + 1);
  if (place.dataset.named) return;
  if (isScrolling) {
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", nameOf(place));
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) place.removeAttribute(name);
  }
}

export function scrolls(place: HTMLElement): void {
  if (place.hasAttribute("tabindex")) place.dataset.named = "yes";
  new ResizeObserver(() => refresh(place)).observe(place);
}
