// A map on which many lines meet: the sign under the pointer or in focus stands out with its lines and their far ends.

export function maps(drawing: HTMLElement): void {
  const ties = [...drawing.querySelectorAll<SVGElement>("[data-ends]")];
  const signs = [...drawing.querySelectorAll<SVGElement>("[data-sign]")];

  function choose(sign: Element | null): void {
    const chosen = sign?.getAttribute("data-sign") ?? null;
    const near = new Set([chosen]);
    for (const tie of ties) {
      const ends = (tie.dataset.ends ?? "").split(" ");
      const isTied = chosen !== null && ends.includes(chosen);
      tie.classList.toggle("is-chosen", isTied);
      if (isTied) ends.forEach((end) => near.add(end));
    }
    for (const one of signs) one.classList.toggle("is-near", near.has(one.dataset.sign ?? ""));
    drawing.classList.toggle("has-chosen", near.size > 1);
  }

  const signOf = (event: Event) => (event.target as Element).closest("[data-sign]");
  drawing.addEventListener("pointerover", (event) => choose(signOf(event)));
  drawing.addEventListener("pointerleave", () => choose(null));
  drawing.addEventListener("focusin", (event) => choose(signOf(event)));
  drawing.addEventListener("focusout", () => choose(null));
}
