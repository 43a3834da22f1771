// A <select data-lookup="/url/"> becomes a search box: the server is asked while one types.
// The answer is JSON: {"results": [{"id": 1, "label": "...", "detail": "..."}]}.

interface Answer {
  results: { id: number | string; label: string; detail?: string }[];
}

let serial = 0;

class Lookup {
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("div");
  private timer = 0;
  private asked = 0;

  constructor(private readonly select: HTMLSelectElement) {
    const frame = document.createElement("div");
    frame.className = "lookup";
    serial += 1;
    const id = this.select.id || `lookup-${serial}`;
    this.list.id = `${id}-list`;
    this.list.className = "lookup-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Choices");
    this.setUpInput(id);
    this.select.hidden = true;
    this.select.removeAttribute("id");
    this.select.before(frame);
    frame.append(this.input, this.list, this.select);
  }

  private setUpInput(id: string): void {
    const { input } = this;
    input.id = id;
    input.type = "text";
    input.autocomplete = "off";
    input.className = this.select.className.replace("form-select", "form-control");
    input.placeholder = this.select.dataset.placeholder ?? "Type to search";
    input.value = this.select.value ? (this.select.selectedOptions[0]?.textContent ?? "") : "";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      const value = this.select.getAttribute(name);
      if (value) input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      this.later();
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("focus", () => {
      input.select();
      this.later();
    });
    input.addEventListener("blur", () => window.setTimeout(() => this.leave(), 150));
    input.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("mousedown", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.pick(option);
      event.preventDefault();
    });
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), 120);
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    const chosen = this.select.selectedOptions[0]?.textContent ?? "";
    const text = this.input.value === chosen ? "" : this.input.value;
    const address = new URL(this.select.dataset.lookup ?? "", location.href);
    address.searchParams.set("q", text);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || turn !== this.asked || document.activeElement !== this.input) return;
    this.show((await answer.json()) as Answer);
  }

  private show(answer: Answer): void {
    const options = answer.results.map((result, index) => {
      const option = document.createElement("div");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(index === 0));
      option.dataset.value = String(result.id);
      option.dataset.label = result.label;
      option.textContent = result.label;
      if (result.detail) {
        const small = document.createElement("small");
        small.textContent = result.detail;
        option.append(small);
      }
      return option;
    });
    const nothing = document.createElement("div");
    nothing.className = "lookup-none";
    nothing.textContent = "Nothing found";
    this.list.replaceChildren(...(options.length ? options : [nothing]));
    this.open(true);
  }

  private open(isOpen: boolean): void {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list.scrollIntoView({ block: "nearest" });
  }

  private pick(option: HTMLElement): void {
    const value = option.dataset.value ?? "";
    let entry = [...this.select.options].find((known) => known.value === value);
    if (!entry) {
      entry = new Option(option.dataset.label, value);
      this.select.add(entry);
    }
    this.select.value = value;
    this.input.value = option.dataset.label ?? "";
    this.open(false);
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private leave(): void {
    this.open(false);
    const had = this.select.value;
    if (this.input.value.trim() === "" && had !== "") {
      this.select.value = "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      this.input.value = had ? (this.select.selectedOptions[0]?.textContent ?? "") : "";
    }
  }

  private onKey(event: KeyboardEvent): void {
    const options = [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
    const current = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") this.open(false);
    if (event.key === "Enter" && !this.list.hidden && options[current]) {
      event.preventDefault();
      this.pick(options[current]);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = (current + step + options.length) % (options.length || 1);
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === next)));
    options[next]?.scrollIntoView({ block: "nearest" });
    if (options[next]) this.input.setAttribute("aria-activedescendant", options[next].id);
  }
}

export function lookup(element: HTMLElement): void {
  if (element instanceof HTMLSelectElement) new Lookup(element);
}
