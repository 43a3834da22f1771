// Entry of the site's script: starts htmx and activates each feature where its data attribute stands.
// A heavy feature (graph, charts) is loaded only on a page that has it: see `lazy` below.

import htmx from "htmx.org";
import { bulk } from "./features/bulk";
import { columns } from "./features/columns";
import { confirm } from "./features/confirm";
import { lookup } from "./features/lookup";
import { maps } from "./features/maps";
import { menus } from "./features/menus";
import { palette } from "./features/palette";
import { raciGrid } from "./features/raci_grid";
import { rows } from "./features/rows";
import { scrolls } from "./features/scrolls";
import { shell } from "./features/shell";
import { requests } from "./features/requests";
import { strips } from "./features/strips";
import { trace } from "./features/trace";
import { activate, type Feature } from "./_activate";

// Features bound once to the document.
shell();
menus();
palette();
confirm();
trace();
requests(htmx);

// Features bound to each element that carries their attribute, also in content that htmx brings later.
const eager: Record<string, Feature> = {
  "[data-rows]": rows,
  "[data-bulk-bar]": bulk,
  "[data-columns]": columns,
  "[data-lookup]": lookup,
  "[data-raci-grid]": raciGrid,
  "[data-map]": maps,
  ".table-scroll, .table-scroll-plain": scrolls,
  ".subnav, .tabs": strips,
};

// Features in their own chunk.
const lazy: Record<string, () => Promise<Feature>> = {
  "[data-graph-source]": () => import("./features/graph").then((module) => module.graph),
};

activate(document.body, eager, lazy);
htmx.onLoad((element) => activate(element as HTMLElement, eager, lazy));
