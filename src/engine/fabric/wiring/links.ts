/** A graph written as links between numbered vertices: children first, then switches. */
import { most } from '../most.ts';
import type { GraphLink } from '../spec.ts';
import type { Drafted } from './drafts.ts';
import { type GraphDraft, linkAdder } from './link-graph.ts';

/** @param rate of links that state none, bytes/s */
export function linksDraft(links: readonly GraphLink[], children: number, rate: number): Drafted {
  const rates = [...new Set(links.map(link => link.rate ?? rate))];
  const vertices = links.reduce((most, { a, b }) => Math.max(most, a + 1, b + 1), children);
  const draft: GraphDraft = {
    ends: children,
    vertices,
    endsForward: true,
    classes: rates.map(capacity => ({
      name: rates.length > 1 ? `link of ${capacity / 1e9} GB/s` : 'link',
      capacity,
      part: 'local',
    })),
    links: [],
  };
  const add = linkAdder(draft);
  for (const { a, b, rate: own } of links) add({ a, b, at: rates.indexOf(own ?? rate), cables: 1, along: 0 });
  return { draft, coordinates: [], grid: false };
}

/** What is wrong with links as written, for people; undefined: nothing. */
export function linksReason(links: readonly GraphLink[], children: number): string | undefined {
  const degree = new Map<number, number>();
  for (const { a, b } of links) {
    if (a === b) return `vertex ${a} is linked to itself`;
    degree.set(a, (degree.get(a) ?? 0) + 1);
    degree.set(b, (degree.get(b) ?? 0) + 1);
  }
  const highest = Math.max(children - 1, most(degree.keys()));
  for (let vertex = 0; vertex <= highest; vertex++) {
    const links = degree.get(vertex) ?? 0;
    if (vertex < children && links === 0 && children > 1) return `child ${vertex} has no link`;
    if (vertex >= children && links < 2)
      return `vertex ${vertex} is a switch (the level has ${children} children, 0 to ${children - 1}) with ${links === 0 ? 'no link' : 'one link only'}`;
  }
  return undefined;
}
