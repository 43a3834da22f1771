// A list by keyboard: j and k move, x ticks, Enter opens.

import { typing } from "./palette";

function move(form: HTMLElement, step: number): void {
  const all = [...form.querySelectorAll<HTMLElement>("tbody tr")];
  const current = all.findIndex((row) => row.classList.contains("is-cursor"));
  const next = Math.min(Math.max(current + step, 0), all.length - 1);
  all.forEach((row, index) => row.classList.toggle("is-cursor", index === next));
  const link = all[next]?.querySelector<HTMLElement>("a.main-link, a");
  link?.focus({ preventScroll: true });
  all[next]?.scrollIntoView({ block: "nearest" });
}

function act(form: HTMLElement, key: string): boolean {
  const row = form.querySelector<HTMLElement>("tr.is-cursor");
  if (key === "j") move(form, 1);
  else if (key === "k") move(form, -1);
  else if (key === "x") row?.querySelector<HTMLInputElement>("td.tick input")?.click();
  else if (key === "Enter" && row && !document.activeElement?.matches("a, button")) row.querySelector<HTMLAnchorElement>("a.main-link, a")?.click();
  else return false;
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (typing() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const form = document.querySelector<HTMLElement>("[data-rows]");
  if (form && act(form, event.key) && event.key !== "Enter") event.preventDefault();
}

let listening = false;

export function rows(): void {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKey);
}
