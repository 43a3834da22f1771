// The matrix by keyboard, like a spreadsheet: arrows move, R A C I set or clear a letter, Enter opens the form.

import htmx from "htmx.org";

function cells(row: Element | null): HTMLElement[] {
  return row ? [...row.querySelectorAll<HTMLElement>(".cell-add")] : [];
}

function neighbour(cell: HTMLElement, key: string): HTMLElement | undefined {
  const row = cell.closest("tr");
  const column = cells(row).indexOf(cell);
  if (key === "ArrowRight") return cells(row)[column + 1];
  if (key === "ArrowLeft") return cells(row)[column - 1];
  if (key === "ArrowDown") return cells(row?.nextElementSibling ?? null)[column];
  if (key === "ArrowUp") return cells(row?.previousElementSibling ?? null)[column];
  return undefined;
}

async function toggle(grid: HTMLElement, cell: HTMLElement, letter: string): Promise<void> {
  const { activity, party } = cell.dataset;
  await htmx.ajax("post", grid.dataset.raciGrid ?? "", {
    target: "#grid",
    swap: "innerHTML",
    values: { activity, party, letter, scope: grid.dataset.scope ?? "" },
  });
  document.querySelector<HTMLElement>(`.cell-add[data-activity="${activity}"][data-party="${party}"]`)?.focus();
}

export function raciGrid(grid: HTMLElement): void {
  grid.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("td")?.querySelector<HTMLElement>(".cell-add") : null;
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(cell, event.key);
    const letter = event.key.toUpperCase();
    if (next) next.focus();
    else if ("RACI".includes(letter) && letter.length === 1) void toggle(grid, cell, letter);
    else return;
    event.preventDefault();
  });
}
