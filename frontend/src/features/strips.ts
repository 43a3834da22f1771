// A strip of pages or tabs that is wider than the phone shows the one that is open.

export function strips(strip: HTMLElement): void {
  const open = strip.querySelector<HTMLElement>("[aria-current]");
  if (open) strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
}
