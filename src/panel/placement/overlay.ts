/** Words over the canvas, as SVG text on screen coordinates: crisp at every zoom, left out where they do not fit. */
import { svg } from '../dom.ts';
import type { Label } from '../paint/labels.ts';

/** Mean width of a letter over its size, for deciding what fits before it is drawn. */
const LETTER = 0.54;
const MOST = 420;

export interface Transform {
  x: number;
  y: number;
  k: number;
}

export class Overlay {
  readonly root: SVGSVGElement = svg('svg', { class: 'overlay', 'aria-hidden': 'true' });
  private readonly pool: SVGTextElement[] = [];

  /** Words keep their size on screen, a little larger when zoomed in. */
  draw(labels: readonly Label[], { x, y, k }: Transform): void {
    const grow = Math.min(1.35, Math.max(1, Math.sqrt(k)));
    let used = 0;
    for (const label of labels) {
      if (used >= MOST) break;
      if (!label.text || !fits(label, k, grow)) continue;
      const text = this.pool[used] ?? this.add();
      used++;
      const px = label.x * k + x;
      const py = label.y * k + y + (grow - 1) * 3;
      const tone = label.colour ? 'own' : (label.tone ?? 'text');
      set(text, 'x', px.toFixed(1));
      set(text, 'y', py.toFixed(1));
      set(text, 'class', `${tone}${label.bold ? ' bold' : ''}${label.halo ? ' halo' : ''}`);
      set(text, 'text-anchor', label.anchor ?? 'start');
      set(text, 'font-size', (label.size * grow).toFixed(2));
      set(text, 'fill', label.colour ?? '');
      set(text, 'transform', label.turned ? `rotate(-90 ${px.toFixed(1)} ${py.toFixed(1)})` : '');
      if (text.textContent !== label.text) text.textContent = label.text;
    }
    for (const text of this.pool.splice(used)) text.remove();
  }

  private add(): SVGTextElement {
    const text = svg('text');
    this.root.append(text);
    this.pool.push(text);
    return text;
  }
}

export const textWidth = (text: string, size: number, bold = false): number =>
  text.length * size * LETTER * (bold ? 1.07 : 1);

export function fits(label: Label, k: number, grow = 1): boolean {
  if (label.height !== undefined && label.height * k < label.size * 0.95) return false;
  return (
    label.room === undefined || textWidth(label.text, label.size * grow, label.bold) <= label.room * k + 2
  );
}

function set(element: Element, name: string, value: string): void {
  if (value === '') element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
