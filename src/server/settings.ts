/** The user's settings, checked on arrival: a wrong value falls back to its default. */
import type { Severity } from '../language/analysis/report.ts';

export type Density = 'off' | 'totals' | 'all';

export interface Settings {
  hints: {
    density: Density;
    /** Fields of a hint. */
    times: boolean;
    bytes: boolean;
    exposed: boolean;
    /** The value in other words behind numbers in bits: `400Gb/s` reads `= 50 GB/s`. */
    units: boolean;
    /** Characters of one hint; longer ones lose fields from the right. 0: no limit. */
    maxLength: number;
  };
  /** Severity by diagnostic code; `off` hides it. */
  severity: Record<string, Severity | 'off'>;
  /** Name of the plan whose numbers stand on shared lines; undefined follows the cursor. */
  activePlan?: string;
}

export const DEFAULT_SETTINGS: Settings = {
  hints: { density: 'totals', times: true, bytes: true, exposed: true, units: false, maxLength: 0 },
  severity: {},
};

const DENSITIES: readonly string[] = ['off', 'totals', 'all'];
const SEVERITIES: readonly string[] = ['error', 'warning', 'info', 'hint', 'off'];

/** Reads the answer to `workspace/configuration` for the section `meshwright`. */
export function readSettings(section: unknown): Settings {
  const root = record(section);
  const hints = record(root.hints);
  const base = DEFAULT_SETTINGS.hints;
  const severity: Settings['severity'] = {};
  for (const [code, value] of Object.entries(record(record(root.diagnostics).severity))) {
    if (typeof value === 'string' && SEVERITIES.includes(value)) severity[code] = value as Severity | 'off';
  }
  const active = record(root.plan).active;
  return {
    hints: {
      density: DENSITIES.includes(String(hints.density)) ? (hints.density as Density) : base.density,
      times: flag(hints.times, base.times),
      bytes: flag(hints.bytes, base.bytes),
      exposed: flag(hints.exposed, base.exposed),
      units: flag(hints.units, base.units),
      maxLength: typeof hints.maxLength === 'number' && hints.maxLength > 0 ? Math.floor(hints.maxLength) : 0,
    },
    severity,
    ...(typeof active === 'string' && active !== '' ? { activePlan: active } : {}),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function flag(value: unknown, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}
