/** Which class of links is drawn where. */
import type { PanelLevel, PanelLink } from './model/types.ts';

export interface LaneLinks {
  /** Around one child, upwards; where each chip has its own port, the ports together. -1: none. */
  uplink: number;
  /** Uplinks of one child: one cut, or a port per chip. */
  perChild: number;
  /** Between tiers of switches, highest tier first. */
  trunks: number[];
  /** Between pairs of children. -1: none. */
  pairs: number;
}

/** Classes that belong to a unit of `level`. */
export function laneLinks(
  levels: readonly PanelLevel[],
  links: readonly PanelLink[],
  level: number,
): LaneLinks {
  const { childSpan, span } = levels[level]!;
  const own = links.map((link, index) => ({ ...link, index })).filter(link => link.level === level);
  const cut = own.find(link => link.kind === 'tree' && link.span === childSpan);
  const port = own.find(link => link.kind === 'tree' && link.span < childSpan);
  const trunks = own
    .filter(link => link.kind === 'tree' && link.span > childSpan && link.span < span)
    .sort((a, b) => b.span - a.span);
  return {
    uplink: (cut ?? port)?.index ?? -1,
    perChild: cut ? 1 : port ? childSpan / port.span : 0,
    trunks: trunks.map(({ index }) => index),
    pairs: own.find(({ kind }) => kind === 'pairs')?.index ?? -1,
  };
}

/**
 * Class of direct links of `level` by what its name begins with ("x", "local"); where the level has one class only, that
 * one. -1: the engine has none.
 */
export function wiredLink(links: readonly PanelLink[], level: number, ...names: readonly string[]): number {
  const own = links
    .map(({ level, kind, name }, index) => ({ level, kind, name, index }))
    .filter(link => link.level === level && link.kind === 'direct');
  for (const name of names) {
    const found = own.find(link => link.name === name || link.name.startsWith(`${name} `));
    if (found) return found.index;
  }
  return own.length === 1 ? own[0]!.index : -1;
}

/** Class of a chip's own links: into its scale-up network, and out of it. -1: none. */
export function chipPorts(
  levels: readonly PanelLevel[],
  links: readonly PanelLink[],
): { inner: number; outer: number } {
  const ports = links
    .map((link, index) => ({ ...link, index }))
    .filter(link => link.kind === 'tree' && link.span === 1);
  return {
    inner: ports.find(({ level }) => level === 0)?.index ?? -1,
    outer: ports.find(({ level }) => level > 0 && levels[level]!.tier === 'scale_out')?.index ?? -1,
  };
}
