// Draws a graph whose positions the server worked out; grows by asking the server again.
// `[data-graph-source="canvas id"]` holds the data (JSON, "<canvas id>-data") and comes anew with every answer.

import cytoscape, { type Core, type ElementDefinition, type NodeSingular, type StylesheetJson } from "cytoscape";
import htmx from "htmx.org";

interface GraphNode {
  key: string;
  label: string;
  detail: string;
  shape: string;
  ring: string;
  amount: number;
  url: string;
  grow: string;
  is_focus: boolean;
  x: number;
  y: number;
  box: string;
}
interface GraphEdge {
  source: string;
  target: string;
  relation_class: string;
  amount: number;
  note: string;
  words: string;
}
interface GraphData {
  nodes: GraphNode[];
  boxes: { key: string; label: string }[];
  edges: GraphEdge[];
}

// Cytoscape would add an inline style sheet, which the content security policy refuses; ours has the rule.
const SHEET = "__________cytoscape_stylesheet";
const LEGIBLE = 0.62;

const canvases = new Map<HTMLElement, Canvas>();

function colour(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${token})`;
  probe.hidden = true;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function style(): StylesheetJson {
  const [ink, faint, surface, band, line, accent] = ["ink", "ink-3", "surface", "surface-2", "line", "accent"].map(colour) as [
    string, string, string, string, string, string,
  ];
  const rings: Record<string, string> = { down: "down", degraded: "degraded", redundancy_lost: "lost", unknown: "unknown", maintenance: "degraded", retired: "ink-3", planned: "ink-3", staged: "ink-3" };
  const dashes: Record<string, object> = {
    depends_on: { "target-arrow-shape": "triangle" },
    runs_on: { width: 2.8, "target-arrow-shape": "triangle" },
    connects_via: { "line-style": "dashed", "line-dash-pattern": [7, 4], "target-arrow-shape": "circle" },
    feeds_data: { "line-style": "dashed", "line-dash-pattern": [2, 3], "target-arrow-shape": "vee" },
    powered_by: { "line-style": "dashed", "line-dash-pattern": [10, 3, 2, 3], "target-arrow-shape": "tee" },
    controls: { "target-arrow-shape": "diamond" },
    backs_up: { "line-style": "dashed", "line-dash-pattern": [2, 5], "target-arrow-shape": "square" },
    member_of: { "line-style": "dashed", "line-dash-pattern": [4, 4] },
    hidden: { "line-style": "dashed", "line-dash-pattern": [1, 4] },
  };
  const sheet: unknown[] = [
    { selector: "node", style: { shape: "data(shape)", width: 20, height: 20, "background-color": surface, "border-width": 1.6, "border-color": faint, label: "data(label)", color: ink, "font-size": 12, "font-family": getComputedStyle(document.body).fontFamily, "text-halign": "right", "text-valign": "center", "text-margin-x": 6, "text-wrap": "ellipsis", "text-max-width": "148px", "text-background-color": surface, "text-background-opacity": 0.82, "text-background-padding": "1px", "min-zoomed-font-size": 7, "transition-property": "opacity", "transition-duration": 120 } },
    { selector: "node[shape = 'round-rectangle']", style: { width: 26, height: 18 } },
    { selector: "node[shape = 'octagon']", style: { "border-style": "dashed", color: colour("unknown") } },
    { selector: "node[grow != '']", style: { "background-color": band, "border-color": accent } },
    { selector: "node.is-focus", style: { "background-color": accent, "border-color": accent, "font-weight": 600, width: 26, height: 26 } },
    { selector: ":parent", style: { shape: "round-rectangle", "background-color": band, "background-opacity": 0.55, "border-width": 1, "border-color": line, label: "data(label)", "font-size": 11.5, color: faint, "text-valign": "top", "text-halign": "center", "text-margin-x": 0, "text-margin-y": -3, "text-max-width": "190px", "text-background-opacity": 0, padding: "9px", "compound-sizing-wrt-labels": "include", "min-zoomed-font-size": 6, events: "no" } },
    { selector: "edge", style: { width: 1.4, "line-color": faint, "target-arrow-color": faint, "curve-style": "straight", "arrow-scale": 0.75, opacity: 0.62 } },
    ...Object.entries(dashes).map(([name, look]) => ({ selector: `edge.${name}`, style: look })),
    ...Object.entries(rings).map(([name, token]) => ({ selector: `node.ring-${name}`, style: { "border-width": 4, "border-color": colour(token), "border-style": ["unknown", "retired"].includes(name) ? "dashed" : ["planned", "staged"].includes(name) ? "dotted" : name === "redundancy_lost" ? "double" : "solid" } })),
    { selector: "edge.is-lit", style: { opacity: 1, "line-color": accent, "target-arrow-color": accent, label: "data(said)", "font-size": 11, color: ink, "text-background-color": surface, "text-background-opacity": 0.9, "text-background-padding": "2px", "min-zoomed-font-size": 8 } },
    { selector: ".is-dim", style: { opacity: 0.22 } },
    { selector: "node.is-chosen", style: { "overlay-color": accent, "overlay-opacity": 0.18, "overlay-padding": 6 } },
  ];
  return sheet as StylesheetJson;
}

function elements(data: GraphData): ElementDefinition[] {
  const boxes = data.boxes.map((box) => ({ group: "nodes" as const, data: { id: box.key, label: box.label }, selectable: false, grabbable: false }));
  const nodes = data.nodes.map((node) => ({
    group: "nodes" as const,
    data: { ...node, id: node.key, parent: node.box },
    position: { x: node.x, y: node.y },
    classes: [node.ring ? `ring-${node.ring}` : "", node.is_focus ? "is-focus" : ""].join(" "),
  }));
  const edges = data.edges.map((edge) => ({
    group: "edges" as const,
    data: { ...edge, id: `${edge.source}|${edge.relation_class}|${edge.target}|${edge.note}`, said: edge.note ? `${edge.words} (${edge.note})` : edge.words },
    classes: edge.relation_class,
  }));
  return [...boxes, ...nodes, ...edges];
}

class Canvas {
  private readonly cy: Core;
  private source: HTMLElement | null = null;
  private chosen = "";

  constructor(private readonly frame: HTMLElement) {
    if (!document.getElementById(SHEET)) {
      const mark = document.createElement("meta");
      mark.id = SHEET;
      document.head.append(mark);
    }
    this.cy = cytoscape({ container: frame, style: style(), layout: { name: "preset" }, minZoom: 0.08, maxZoom: 2.5, autoungrabify: true, boxSelectionEnabled: false });
    this.cy.on("tap", "node", (event) => this.open((event.target as NodeSingular).id()));
    this.cy.on("mouseover", "node", (event) => this.light((event.target as NodeSingular).id()));
    this.cy.on("mouseout", "node", () => this.light(this.chosen));
    frame.addEventListener("keydown", (event) => this.onKey(event));
    frame.closest("[data-graph-frame]")?.addEventListener("click", (event) => this.onTool(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
    new MutationObserver(() => this.paint()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    new ResizeObserver(() => this.cy.resize()).observe(frame);
  }

  show(data: GraphData, source: HTMLElement): void {
    this.source = source;
    const wanted = elements(data);
    const ids = new Set(wanted.map((element) => element.data.id));
    this.cy.batch(() => {
      this.cy.elements().filter((element) => !ids.has(element.id())).remove();
      for (const element of wanted) this.place(element);
    });
    this.paint();
    this.frame.dataset.ready = "true";
    this.fit();
    this.light(this.chosen);
  }

  private place(element: ElementDefinition): void {
    const known = this.cy.getElementById(element.data.id as string);
    if (known.empty()) {
      this.cy.add(element);
      return;
    }
    known.data(element.data);
    known.classes(element.classes as unknown as string);
    const position = element.position;
    if (known.isNode() && position) (known as unknown as NodeSingular).position(position);
  }

  private paint(): void {
    this.cy.style(style());
  }

  private fit(): void {
    this.cy.fit(this.cy.elements(), 24);
    if (this.cy.zoom() > 1.15) {
      this.cy.zoom(1.15);
      this.cy.center();
    }
    this.legible();
  }

  // Better a readable part with the starting point in it than a whole that nobody can read.
  private legible(): void {
    const focus = this.cy.nodes(".is-focus").first();
    if (this.cy.zoom() >= LEGIBLE || focus.empty()) return;
    this.cy.zoom(LEGIBLE);
    const box = this.cy.elements().boundingBox();
    const isLeft = focus.position("x") - box.x1 < box.w / 4;
    this.cy.center(focus);
    if (isLeft) this.cy.panBy({ x: 60 - this.cy.width() / 2, y: 0 });
  }

  private light(key: string): void {
    this.cy.batch(() => {
      this.cy.elements().removeClass("is-lit is-dim is-chosen");
      const node = key ? this.cy.getElementById(key) : this.cy.collection();
      if (node.empty()) return;
      const near = node.closedNeighborhood();
      this.cy.nodes(":childless").difference(near.nodes()).addClass("is-dim");
      this.cy.edges().difference(near.edges()).addClass("is-dim");
      if (near.edges().length <= 12) near.edges().addClass("is-lit");
      if (key === this.chosen) node.addClass("is-chosen");
    });
  }

  private choose(key: string): void {
    this.chosen = key;
    this.light(key);
    const node = this.cy.getElementById(key);
    const said = document.getElementById(`${this.frame.id}-said`);
    if (said) said.textContent = node.empty() ? "" : `${node.data("label") as string} · ${node.data("detail") as string} · ${node.connectedEdges().length} relations`;
    for (const row of this.source?.querySelectorAll<HTMLElement>("[data-key]") ?? []) {
      const isIt = row.dataset.key === key;
      row.classList.toggle("is-chosen", isIt);
      if (isIt) row.scrollIntoView({ block: "nearest" });
    }
  }

  private open(key: string): void {
    this.choose(key);
    const grow = this.cy.getElementById(key).data("grow") as string;
    if (!grow || !this.source?.hasAttribute("data-graph-grows")) return;
    const address = new URL(location.href);
    address.searchParams.append("open", grow);
    const target = this.source.parentElement;
    if (!target) return;
    void htmx.ajax("get", address.pathname + address.search, { target, source: target }).then(() => history.pushState({ htmx: true }, "", address));
  }

  private onTool(event: Event): void {
    const what = (event.target as Element).closest<HTMLElement>("[data-graph-do]")?.dataset.graphDo;
    const frame = this.frame.closest<HTMLElement>("[data-graph-frame]");
    if (what === "in" || what === "out") this.zoom(what === "in" ? 1.3 : 1 / 1.3);
    if (what === "fit") this.fit();
    if (what === "full" && frame) void (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()).then(() => window.setTimeout(() => this.fit(), 120));
  }

  private zoom(factor: number): void {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  private onKey(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (step) this.move(...step);
    else if (event.key === "Enter" && this.chosen) this.open(this.chosen);
    else if (event.key === "o" && this.chosen) this.visit();
    else if (event.key === "+") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private visit(): void {
    const url = this.cy.getElementById(this.chosen).data("url") as string;
    if (url) location.assign(url);
  }

  private move(right: number, down: number): void {
    const nodes = this.cy.nodes(":childless");
    const here = this.chosen ? nodes.getElementById(this.chosen) : this.cy.collection();
    if (here.empty()) {
      this.choose((nodes.filter(".is-focus").first().nonempty() ? nodes.filter(".is-focus").first() : nodes.first()).id());
      return;
    }
    const from = (here as unknown as NodeSingular).position();
    let best = "";
    let least = Infinity;
    nodes.forEach((node) => {
      const along = (node.position("x") - from.x) * right + (node.position("y") - from.y) * down;
      const aside = Math.abs((node.position("x") - from.x) * down) + Math.abs((node.position("y") - from.y) * right);
      const cost = along + 2 * aside;
      if (along > 1 && cost < least) [best, least] = [node.id(), cost];
    });
    if (!best) return;
    this.choose(best);
    const at = this.cy.getElementById(best).renderedPosition();
    if (at && (at.x < 20 || at.y < 20 || at.x > this.cy.width() - 60 || at.y > this.cy.height() - 20)) this.cy.center(this.cy.getElementById(best));
  }
}

export function graph(source: HTMLElement): void {
  const name = source.dataset.graphSource ?? "";
  const frame = document.getElementById(name);
  const data = source.querySelector<HTMLScriptElement>(`#${name}-data`);
  if (!frame || !data?.textContent) return;
  const canvas = canvases.get(frame) ?? new Canvas(frame);
  canvases.set(frame, canvas);
  canvas.show(JSON.parse(data.textContent) as GraphData, source);
}
