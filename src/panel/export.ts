/** The whole ladder as SVG text or as a PNG at twice the size, light by default, with title and verdict. */
import { buildLadder } from '../layout/ladder.ts';
import type { Panel } from './app.ts';
import { CanvasInk, SvgInk } from './paint/ink.ts';
import { type Label, labelsOf } from './paint/labels.ts';
import { paintScene } from './paint/painter.ts';
import { everything } from './paint/units.ts';
import { makePalette, type Palette } from './palette.ts';
import { fits } from './placement/overlay.ts';
import { collectiveTitle, formatShare, formatTime } from './words.ts';

const MARGIN = 16;
const HEAD = 44;
const WIDTH = 900;
const HEIGHT = 900;

export function exportPicture(panel: Panel, kind: 'svg' | 'png'): void {
  const { model, state } = panel;
  if (!model || model.levels.length === 0) return;
  const palette = makePalette('light', name =>
    name === 'font-family' ? panel.palette.fontFamily : undefined,
  );
  const look = panel.look();
  const scene = buildLadder({
    levels: model.levels,
    links: model.links,
    path: state.path,
    columns: state.columns,
    width: WIDTH,
    height: HEIGHT,
  });
  const window = everything();
  const labels = labelsOf({ scene, model, look, palette, window }).filter(
    label => label.text && fits(label, 1),
  );
  const { verdict } = model;
  const title = verdict
    ? `${model.plan}  ${formatTime(verdict.time)}  ${formatShare(verdict.mfu, true)} MFU`
    : model.plan;
  const second = look.collective ? collectiveTitle(look.collective) : '';
  const size = { w: WIDTH + 2 * MARGIN, h: scene.height + HEAD + 2 * MARGIN };
  const name = `${model.plan.replace(/[^\w-]/g, '_')}-placement.${kind}`;
  if (kind === 'svg') {
    const ink = new SvgInk();
    paintScene(ink, scene, model, look, palette, window);
    const data = svgText(ink.parts, labels, palette, size, title, second);
    panel.post({ type: 'export', kind, name, data });
    return;
  }
  const canvas = document.createElement('canvas');
  canvas.width = size.w * 2;
  canvas.height = size.h * 2;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, size.w, size.h);
  context.translate(MARGIN, MARGIN + HEAD);
  paintScene(new CanvasInk(context), scene, model, look, palette, window);
  context.setLineDash([]);
  for (const label of [...heading(title, second), ...labels]) write(context, label, palette);
  const data = canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
  panel.post({ type: 'export', kind, name, data });
}

/** Above the picture, in its coordinates. */
const heading = (title: string, second: string): Label[] => [
  { x: 0, y: -HEAD + 14, text: title, size: 15, bold: true },
  { x: 0, y: -HEAD + 31, text: second, size: 11.5, tone: 'dim' },
];

const colourOf = (label: Label, palette: Palette): string =>
  label.colour ??
  { text: palette.text, dim: palette.dim, faint: palette.faint, error: palette.error }[label.tone ?? 'text'];

function write(context: CanvasRenderingContext2D, label: Label, palette: Palette): void {
  context.font = `${label.bold ? '600 ' : ''}${label.size}px ${palette.fontFamily}`;
  context.fillStyle = colourOf(label, palette);
  context.textAlign = label.anchor === 'middle' ? 'center' : label.anchor === 'end' ? 'right' : 'left';
  context.save();
  context.translate(label.x, label.y);
  if (label.turned) context.rotate(-Math.PI / 2);
  context.fillText(label.text, 0, 0);
  context.restore();
}

export function svgText(
  shapes: readonly string[],
  labels: readonly Label[],
  palette: Palette,
  size: { w: number; h: number },
  title: string,
  second: string,
): string {
  const words = [...heading(title, second), ...labels].map(label => {
    const turn = label.turned ? ` transform="rotate(-90 ${label.x} ${label.y})"` : '';
    const bold = label.bold ? ' font-weight="600"' : '';
    const anchor = label.anchor ? ` text-anchor="${label.anchor}"` : '';
    return `<text x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}" font-size="${label.size}"${bold}${anchor}${turn} fill="${colourOf(label, palette)}">${escaped(label.text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.w}" height="${size.h}" viewBox="${-MARGIN} ${-MARGIN - HEAD} ${size.w} ${size.h}" font-family="${escaped(palette.fontFamily)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${-MARGIN}" y="${-MARGIN - HEAD}" width="${size.w}" height="${size.h}" fill="${palette.ground}"/>`,
    '<g id="picture">',
    ...shapes,
    '</g>',
    '<g id="words">',
    ...words,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
