/** Elements without markup: nothing of a document is ever parsed as HTML. */

type Child = Node | string | number | false | null | undefined;
type Props = Record<string, unknown>;

const SVG = 'http://www.w3.org/2000/svg';

/** `el('button.link', { title, onclick }, 'text')`; properties that start with "on" listen, the others are attributes. */
export function el<K extends keyof HTMLElementTagNameMap = 'div'>(
  tag: K | `${K}.${string}`,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name as K);
  if (classes.length > 0) made.className = classes.join(' ');
  return dress(made, props, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress<E extends Element>(element: E, props: Props, children: Child[]): E {
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value as EventListener);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child !== undefined && child !== null && child !== false) {
      element.append(typeof child === 'number' ? String(child) : child);
    }
  }
  return element;
}

/** Replaces what is in `parent` unless `key` says that it is the same as last time. */
export function fill(parent: Element, key: string, make: () => Child[]): void {
  if ((parent as { drawn?: string }).drawn === key) return;
  (parent as { drawn?: string }).drawn = key;
  const focused = parent.contains(document.activeElement)
    ? document.activeElement?.getAttribute('data-key')
    : null;
  parent.replaceChildren(
    ...make().filter((child): child is Node | string => child instanceof Node || typeof child === 'string'),
  );
  if (focused) (parent.querySelector(`[data-key="${CSS.escape(focused)}"]`) as HTMLElement | null)?.focus();
}

/** A coloured square. Colours come from the theme, so they are set through the object model and not as a style text. */
export function swatch(colour: string, shape = 'swatch'): HTMLElement {
  const made = el('span', { class: shape, 'aria-hidden': 'true' });
  made.style.background = colour;
  return made;
}
