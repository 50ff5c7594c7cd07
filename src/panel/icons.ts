/** A few 16 px line icons, drawn here so that no font has to be loaded. */
import { svg } from './dom.ts';

const PATHS = {
  chevron: 'M4 6.5 L8 10.5 L12 6.5',
  zoomOut: 'M7 2.5 a4.5 4.5 0 1 0 0.01 0 M10.2 10.2 L14 14 M5 7 H9',
  zoomIn: 'M7 2.5 a4.5 4.5 0 1 0 0.01 0 M10.2 10.2 L14 14 M5 7 H9 M7 5 V9',
  full: 'M2.5 6 V2.5 H6 M10 2.5 H13.5 V6 M13.5 10 V13.5 H10 M6 13.5 H2.5 V10',
  export: 'M2.5 3 V13 M5 8 H13.5 M10 4.5 L13.5 8 L10 11.5',
  table: 'M2.5 3.5 H13.5 V12.5 H2.5 Z M2.5 6.5 H13.5 M6.5 6.5 V12.5',
  help: 'M6 6 a2 2 0 1 1 2.6 1.9 C8 8.2 8 8.6 8 9.4 M8 11.6 V12.4 M8 1.8 a6.2 6.2 0 1 0 0.01 0',
  error: 'M8 2 a6 6 0 1 0 0.01 0 M5.8 5.8 L10.2 10.2 M10.2 5.8 L5.8 10.2',
  up: 'M4.5 9.5 L8 6 L11.5 9.5',
  down: 'M4.5 6.5 L8 10 L11.5 6.5',
} as const;

export type IconName = keyof typeof PATHS;

export const icon = (name: IconName): SVGElement =>
  svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    svg('path', {
      d: PATHS[name],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
