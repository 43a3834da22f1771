// Sidebar, filters and appearance: what a person chose is kept in a cookie so that the server renders it right away.

function keep(name: string, value: string): void {
  const age = value ? 31_536_000 : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax`;
}

function kept(name: string): string {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

function markTheme(): void {
  const chosen = kept("theme");
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

function chooseTheme(name: string): void {
  keep("theme", name);
  if (name) document.documentElement.dataset.bsTheme = name;
  else delete document.documentElement.dataset.bsTheme;
  markTheme();
}

function collapse(isCollapsed: boolean): void {
  document.body.classList.toggle("is-collapsed", isCollapsed);
  document.querySelector("[data-collapse-sidebar]")?.setAttribute("aria-pressed", String(isCollapsed));
  keep("sidebar", isCollapsed ? "icons" : "");
}

function toggleFilters(button: HTMLElement): void {
  const isNarrow = matchMedia("(max-width: 1023.98px)").matches;
  const hidden = isNarrow
    ? !document.body.classList.toggle("filters-shown")
    : document.body.classList.toggle("filters-hidden");
  button.setAttribute("aria-expanded", String(!hidden));
}

function unfold(button: HTMLElement): void {
  const isOpen = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(isOpen));
  const below = document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (below) below.hidden = !isOpen;
}

export function shell(): void {
  if (kept("sidebar") === "icons") collapse(true);
  markTheme();
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const theme = target.closest<HTMLElement>("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice ?? "");
    if (target.closest("[data-collapse-sidebar]")) collapse(!document.body.classList.contains("is-collapsed"));
    const filters = target.closest<HTMLElement>("[data-toggle-filters]");
    if (filters) toggleFilters(filters);
    if (target.closest("[data-dismiss]")) target.closest(".toast-line")?.remove();
    if (target.closest("[data-back]")) history.back();
    const twist = target.closest<HTMLElement>("[data-twist]");
    if (twist) unfold(twist);
    const copied = target.closest<HTMLElement>("[data-copy]");
    if (copied) void navigator.clipboard.writeText(copied.dataset.copy ?? "");
  });
  setTimeout(() => document.querySelectorAll(".toast-line:not(.toast-error)").forEach((toast) => toast.remove()), 6000);
}
