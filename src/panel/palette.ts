/** Colours of the theme in use, ready for painting. */
import type { Role } from '../engine/plan/spec.ts';
import { COLOURS, COORDINATE_STOPS, LOAD_STOPS } from './colours.ts';
import { channels, luminance, mix, ramp } from './ramp.ts';

export interface Palette {
  light: boolean;
  /** High contrast: an edge around everything filled, nothing translucent. */
  edge: string | undefined;
  ground: string;
  text: string;
  dim: string;
  faint: string;
  border: string;
  drawer: string;
  focus: string;
  error: string;
  pass: string;
  idle: string;
  switch: string;
  compute: string;
  backward: string;
  wedge: string | undefined;
  axis(role: Role | undefined): string;
  /** Ramp of a share of the line rate, 0..1 and above. */
  load(share: number): string;
  /** Ramp along an axis, 0..1. */
  coordinate(along: number): string;
  memory(part: string): string;
  /** Black or white, whichever reads better on `colour`. */
  on(colour: string): string;
  fontFamily: string;
}

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/** Looks a custom property up; undefined when the theme does not set it. */
export type Variable = (name: string) => string | undefined;

export const AXIS_COLOUR: Record<Role, string> = {
  tp: 'tp',
  etp: 'tp',
  cp: 'cp',
  sp: 'cp',
  pp: 'pp',
  dp: 'dp',
  fsdp: 'dp',
  ep: 'ep',
  other: 'other',
};

/** Grounds of VS Code's own themes, for an export that is made in another theme than the one on screen. */
const GROUND: Record<
  ThemeKind,
  { ground: string; text: string; dim: string; drawer: string; border: string; focus: string }
> = {
  dark: {
    ground: '#1f1f1f',
    text: '#cccccc',
    dim: '#9d9d9d',
    drawer: '#222222',
    border: '#3c3c3c',
    focus: '#0078d4',
  },
  light: {
    ground: '#ffffff',
    text: '#3b3b3b',
    dim: '#616161',
    drawer: '#f8f8f8',
    border: '#d4d4d4',
    focus: '#005fb8',
  },
  highContrast: {
    ground: '#000000',
    text: '#ffffff',
    dim: '#ffffff',
    drawer: '#000000',
    border: '#6fc3df',
    focus: '#f38518',
  },
  highContrastLight: {
    ground: '#ffffff',
    text: '#292929',
    dim: '#292929',
    drawer: '#ffffff',
    border: '#0f4a85',
    focus: '#006bbd',
  },
};

export function makePalette(kind: ThemeKind, variable: Variable): Palette {
  const light = kind === 'light' || kind === 'highContrastLight';
  const contrast = kind.startsWith('highContrast');
  const base = GROUND[kind];
  const theme = (name: string, otherwise: string): string => variable(name) || otherwise;
  const own = (id: string): string => {
    const colour = COLOURS.find(entry => entry.id === `meshwright.${id}`);
    return theme(`meshwright-${id.replaceAll('.', '-')}`, colour?.defaults[kind] ?? '#888888');
  };
  const ground = theme('editor-background', base.ground);
  const text = theme('foreground', base.text);
  const focus = theme('focusBorder', base.focus);
  const load = ramp(LOAD_STOPS, [
    own('load.0'),
    own('load.30'),
    own('load.60'),
    own('load.85'),
    own('load.100'),
  ]);
  const coordinate = ramp(
    COORDINATE_STOPS[light ? 'light' : 'dark'],
    [0, 1, 2, 3].map(stop => own(`coordinate.${stop}`)),
  );
  return {
    light,
    edge: contrast ? theme('contrastBorder', base.border) : undefined,
    ground,
    text,
    dim: theme('descriptionForeground', base.dim),
    faint: mix(ground, text, 0.45),
    border: theme('editorWidget-border', theme('panel-border', base.border)),
    drawer: theme('editorWidget-background', base.drawer),
    focus,
    error: theme('errorForeground', light ? '#c72e0f' : '#f85149'),
    pass: theme('testing-iconPassed', light ? '#2e7d32' : '#73c991'),
    idle: contrast ? ground : mix(ground, text, 0.06),
    switch: own('switch'),
    compute: own('compute'),
    backward: own('backward'),
    wedge: contrast ? undefined : withAlpha(focus, 0.1),
    axis: role => own(`axis.${AXIS_COLOUR[role ?? 'other']}`),
    load,
    coordinate,
    memory: part =>
      own(COLOURS.some(({ id }) => id === `meshwright.memory.${part}`) ? `memory.${part}` : 'memory.buffers'),
    on: colour => (luminance(colour) > EVEN ? '#000000' : '#ffffff'),
    fontFamily: theme('font-family', 'system-ui, sans-serif'),
  };
}

/** The theme of the page: body classes as VS Code sets them, custom properties of the root. */
export function pagePalette(): Palette {
  const classes = document.body.classList;
  const kind: ThemeKind = classes.contains('vscode-high-contrast-light')
    ? 'highContrastLight'
    : classes.contains('vscode-high-contrast')
      ? 'highContrast'
      : classes.contains('vscode-light')
        ? 'light'
        : 'dark';
  const style = getComputedStyle(document.documentElement);
  return makePalette(kind, name => style.getPropertyValue(`--vscode-${name}`).trim() || undefined);
}

/** Luminance at which black and white read equally well. */
const EVEN = 0.179;

const withAlpha = (colour: string, alpha: number): string => `rgba(${channels(colour).join(', ')}, ${alpha})`;
