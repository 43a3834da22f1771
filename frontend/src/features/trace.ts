// A chip with data-opens="trace" fills the side drawer (htmx does the request); this opens and closes it.

export function trace(): void {
  const drawer = document.querySelector<HTMLDialogElement>("#trace");
  if (!drawer) return;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-opens=trace]")) {
      drawer.querySelector("#trace-body")?.replaceChildren();
      drawer.showModal();
    }
    if (target === drawer || target.closest("#trace [data-close]")) drawer.close();
  });
}
