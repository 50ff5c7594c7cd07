/** One zoomable plane: the wheel zooms at the pointer, dragging moves it; the panel's state keeps where it is. */
import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import type { Transform } from './overlay.ts';

const MOST = 48;
const STEP = 1.4;

export class Plane {
  private readonly element: HTMLElement;
  private readonly behaviour: ZoomBehavior<HTMLElement, unknown>;
  private quiet = false;

  /** @param moved called for every move by hand, with the new place. */
  constructor(element: HTMLElement, moved: (to: Transform, byWheel: boolean) => void) {
    this.element = element;
    this.behaviour = zoom<HTMLElement, unknown>()
      .clickDistance(4)
      .filter((event: MouseEvent) => event.type === 'wheel' || event.button === 0)
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        if (this.quiet) return;
        const { x, y, k } = event.transform;
        moved({ x, y, k }, event.sourceEvent?.type === 'wheel');
      });
    select(element).call(this.behaviour).on('dblclick.zoom', null);
  }

  /** Content and view, so that neither can be lost: zoomed out until all is seen, never beyond an edge. */
  bounds(width: number, height: number, viewWidth: number, viewHeight: number, most = MOST): void {
    const all = Math.min(1, viewHeight / Math.max(1, height));
    this.behaviour
      .extent([
        [0, 0],
        [viewWidth, viewHeight],
      ])
      .scaleExtent([all, most])
      .translateExtent([
        [0, 0],
        [Math.max(width, viewWidth), Math.max(height, viewHeight)],
      ]);
  }

  /** Puts the plane where the state says, without telling. */
  place({ x, y, k }: Transform): void {
    this.quiet = true;
    select(this.element).call(this.behaviour.transform, zoomIdentity.translate(x, y).scale(k));
    this.quiet = false;
  }

  /** Around the middle of the view, as a key or a button does. */
  step(by: 'in' | 'out'): void {
    select(this.element).call(this.behaviour.scaleBy, by === 'in' ? STEP : 1 / STEP);
  }

  /** Moves by pixels on screen, within the bounds. */
  shift(dx: number, dy: number, k: number): void {
    select(this.element).call(this.behaviour.translateBy, dx / k, dy / k);
  }
}
