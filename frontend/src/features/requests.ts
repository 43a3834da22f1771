// What every htmx request shares: no empty parameters in the URL, a progress line after 100 ms, errors said aloud.

type Htmx = typeof import("htmx.org").default;

function toast(text: string): void {
  const line = document.createElement("div");
  line.className = "toast-line toast-error";
  line.textContent = text;
  document.querySelector("#toasts")?.append(line);
  setTimeout(() => line.remove(), 8000);
}

function dropEmpty(event: Event): void {
  const { parameters, verb } = (event as CustomEvent).detail as { parameters: Record<string, unknown>; verb: string };
  if (verb !== "get") return;
  for (const [name, value] of Object.entries(parameters)) if (value === "") delete parameters[name];
}

export function requests(htmx: Htmx): void {
  let running = 0;
  let timer = 0;
  htmx.on("htmx:configRequest", dropEmpty);
  htmx.on("htmx:beforeRequest", () => {
    running += 1;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => document.body.classList.toggle("is-busy", running > 0), 100);
  });
  htmx.on("htmx:afterRequest", () => {
    running = Math.max(0, running - 1);
    if (!running) document.body.classList.remove("is-busy");
  });
  htmx.on("htmx:sendError", () => toast("The server did not answer. Nothing was changed."));
  htmx.on("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent).detail as { xhr: XMLHttpRequest };
    toast(xhr.status === 404 ? "That is no longer there." : `The server refused this (${xhr.status}).`);
  });
}
