// The bulk bar appears when rows are ticked and says how many.

export function bulk(bar: HTMLElement): void {
  const form = bar.closest("form");
  if (!form) return;
  const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>("tbody input[name=pk]")];
  const every = form.querySelector<HTMLInputElement>("[data-tick-all]");
  const refresh = (): void => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked);
    all.forEach((box) => box.closest("tr")?.classList.toggle("is-ticked", box.checked));
    bar.hidden = ticked.length === 0;
    const count = bar.querySelector("[data-bulk-count]");
    if (count) count.textContent = String(ticked.length);
    if (!every) return;
    every.checked = ticked.length === all.length;
    every.indeterminate = ticked.length > 0 && ticked.length < all.length;
  };
  form.addEventListener("change", (event) => {
    if (event.target === every) boxes().forEach((box) => (box.checked = every?.checked ?? false));
    refresh();
  });
  bar.querySelector("[data-untick]")?.addEventListener("click", () => {
    boxes().forEach((box) => (box.checked = false));
    refresh();
  });
  refresh();
}
