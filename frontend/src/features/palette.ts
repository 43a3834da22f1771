// Search by keyboard: / goes to the list's own search field, or to the palette where there is none; Ctrl-K always opens
// the palette, arrows choose, Enter goes there, Esc closes it.

export function typing(): boolean {
  const element = document.activeElement;
  return element instanceof HTMLElement && element.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

function hits(dialog: HTMLElement): HTMLElement[] {
  return [...dialog.querySelectorAll<HTMLElement>("[role=option]")];
}

function choose(dialog: HTMLElement, step: number): void {
  const all = hits(dialog);
  if (!all.length) return;
  const current = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const next = (current + step + all.length) % all.length;
  all.forEach((hit, index) => hit.setAttribute("aria-selected", String(index === next)));
  const chosen = all[next];
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) dialog.querySelector("input")?.setAttribute("aria-activedescendant", chosen.id);
}

function onKey(dialog: HTMLDialogElement, event: KeyboardEvent): void {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(dialog, event.key === "ArrowDown" ? 1 : -1);
  }
  if (event.key === "Escape") {
    event.preventDefault();
    dialog.close();
  }
  if (event.key === "Enter") {
    const chosen = dialog.querySelector<HTMLAnchorElement>("[role=option][aria-selected=true]");
    if (!chosen) return;
    event.preventDefault();
    location.href = chosen.href;
  }
}

export function palette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  if (!dialog) return;
  const open = (): void => {
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("input")?.select();
  };
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && isPlain && !typing() && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      const own = document.querySelector<HTMLInputElement>("#filters input[type=search], main form[role=search] input");
      if (own?.checkVisibility()) own.select();
      else open();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-open-palette]")) open();
  });
  dialog.addEventListener("keydown", (event) => onKey(dialog, event));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
