// Choosing columns: writes ?columns=a,b and lets the filter form fetch the list.

export function columns(panel: HTMLElement): void {
  panel.addEventListener("change", () => {
    const chosen = [...panel.querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value);
    const address = new URL(location.href);
    address.searchParams.delete("page");
    if (chosen.length) address.searchParams.set("columns", chosen.join(","));
    else address.searchParams.delete("columns");
    location.href = address.toString();
  });
}
