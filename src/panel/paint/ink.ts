/** What the painter draws with: a canvas on screen, SVG text in an export. Plane coordinates. */
import type { Point } from '../../layout/scene.ts';

export interface Stroke {
  colour: string;
  width: number;
  dash?: readonly number[];
}

export interface Ink {
  /** Opacity of all that follows. */
  fade(share: number): void;
  rect(x: number, y: number, w: number, h: number, colour: string, radius?: number): void;
  frame(x: number, y: number, w: number, h: number, stroke: Stroke, radius?: number): void;
  line(points: readonly Point[], stroke: Stroke): void;
  area(points: readonly Point[], colour: string): void;
  disc(x: number, y: number, radius: number, colour: string): void;
}

export class CanvasInk implements Ink {
  private readonly context: CanvasRenderingContext2D;

  constructor(context: CanvasRenderingContext2D) {
    this.context = context;
  }

  fade(share: number): void {
    this.context.globalAlpha = share;
  }

  rect(x: number, y: number, w: number, h: number, colour: string, radius = 0): void {
    this.context.fillStyle = colour;
    if (radius <= 0) this.context.fillRect(x, y, w, h);
    else {
      this.context.beginPath();
      this.context.roundRect(x, y, w, h, radius);
      this.context.fill();
    }
  }

  frame(x: number, y: number, w: number, h: number, stroke: Stroke, radius = 0): void {
    this.pen(stroke);
    this.context.beginPath();
    this.context.roundRect(x, y, w, h, radius);
    this.context.stroke();
  }

  line(points: readonly Point[], stroke: Stroke): void {
    if (points.length < 2) return;
    this.pen(stroke);
    this.trace(points);
    this.context.stroke();
  }

  area(points: readonly Point[], colour: string): void {
    this.context.fillStyle = colour;
    this.trace(points);
    this.context.fill();
  }

  disc(x: number, y: number, radius: number, colour: string): void {
    this.context.fillStyle = colour;
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.fill();
  }

  private trace(points: readonly Point[]): void {
    this.context.beginPath();
    for (const { x, y } of points) this.context.lineTo(x, y);
  }

  private pen({ colour, width, dash }: Stroke): void {
    this.context.strokeStyle = colour;
    this.context.lineWidth = width;
    this.context.setLineDash(dash ? [...dash] : []);
  }
}

/** Collects SVG elements as text; numbers only, never words of a document. */
export class SvgInk implements Ink {
  readonly parts: string[] = [];

  /** A still picture is never half there. */
  fade(): void {}

  rect(x: number, y: number, w: number, h: number, colour: string, radius = 0): void {
    const round = radius > 0 ? ` rx="${n(radius)}"` : '';
    this.parts.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"${round} fill="${colour}"/>`,
    );
  }

  frame(x: number, y: number, w: number, h: number, stroke: Stroke, radius = 0): void {
    const round = radius > 0 ? ` rx="${n(radius)}"` : '';
    this.parts.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"${round} fill="none"${pen(stroke)}/>`,
    );
  }

  line(points: readonly Point[], stroke: Stroke): void {
    if (points.length > 1) this.parts.push(`<polyline points="${list(points)}" fill="none"${pen(stroke)}/>`);
  }

  area(points: readonly Point[], colour: string): void {
    this.parts.push(`<polygon points="${list(points)}" fill="${colour}"/>`);
  }

  disc(x: number, y: number, radius: number, colour: string): void {
    this.parts.push(`<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${colour}"/>`);
  }
}

const n = (value: number): string => String(Math.round(value * 100) / 100);
const list = (points: readonly Point[]): string => points.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ');
const pen = ({ colour, width, dash }: Stroke): string =>
  ` stroke="${colour}" stroke-width="${n(width)}"${dash ? ` stroke-dasharray="${dash.map(n).join(' ')}"` : ''}`;
