// Binds features to elements by selector, each element once.

export type Feature = (element: HTMLElement) => void;

const bound = new WeakMap<HTMLElement, Set<string>>();

function isNew(element: HTMLElement, selector: string): boolean {
  const seen = bound.get(element) ?? new Set<string>();
  if (seen.has(selector)) return false;
  bound.set(element, seen.add(selector));
  return true;
}

function matching(root: HTMLElement, selector: string): HTMLElement[] {
  const found = [...root.querySelectorAll<HTMLElement>(selector)];
  return root.matches(selector) ? [root, ...found] : found;
}

export function activate(
  root: HTMLElement,
  eager: Record<string, Feature>,
  lazy: Record<string, () => Promise<Feature>>,
): void {
  for (const [selector, feature] of Object.entries(eager)) {
    for (const element of matching(root, selector)) if (isNew(element, selector)) feature(element);
  }
  for (const [selector, load] of Object.entries(lazy)) {
    const elements = matching(root, selector).filter((element) => isNew(element, selector));
    if (elements.length) void load().then((feature) => elements.forEach(feature));
  }
}
