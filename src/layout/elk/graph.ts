/**
 * The graph of switches, units and bundles of one lane: what elkjs lays out, and the same layout in closed form for the
 * picture that must not wait. Sizes are fixed beforehand, labels never take part.
 */

export interface GraphNode {
  id: string;
  w: number;
  h: number;
}

export interface LaneGraph {
  /** Changes exactly when the layout must be made anew. */
  key: string;
  /** Switches on top, units at the bottom, each in model order. */
  tiers: GraphNode[][];
  edges: { from: string; to: string }[];
  /** Between neighbours of a tier, and between tiers. */
  gap: number;
  tierGap: number;
  /** No tiers: vertices and links that somebody wrote down, laid out by the lengths of their ways to each other. */
  free?: boolean;
  /** Graphs of one family follow each other: what stays keeps about its place. */
  family?: string;
}

/** Left upper corners by id. */
export type Positions = ReadonlyMap<string, { x: number; y: number }>;

export const MOST_NODES = 200;
export const MOST_EDGES = 400;

/** Whether the graph is small enough to be laid out by elkjs. */
export const isLayable = (graph: LaneGraph): boolean =>
  graph.tiers.reduce((sum, tier) => sum + tier.length, 0) <= MOST_NODES && graph.edges.length <= MOST_EDGES;

/**
 * Lowest tier side by side in model order; every switch in the middle of what hangs on it. Where neighbours of a tier
 * would overlap, they stand side by side instead.
 */
export function placeTiers(graph: LaneGraph): Positions {
  const positions = new Map<string, { x: number; y: number }>();
  const tops = tierTops(graph);
  for (let tier = graph.tiers.length - 1; tier >= 0; tier--) {
    let free = 0;
    for (const node of graph.tiers[tier]!) {
      const below = tier < graph.tiers.length - 1 ? childrenExtent(graph, node.id, positions) : undefined;
      const x = below ? Math.max(free, (below.from + below.to - node.w) / 2) : free;
      positions.set(node.id, { x, y: tops[tier]! });
      free = x + node.w + graph.gap;
    }
  }
  return positions;
}

function tierTops({ tiers, tierGap }: LaneGraph): number[] {
  let y = 0;
  return tiers.map(tier => {
    const top = y;
    y += Math.max(0, ...tier.map(({ h }) => h)) + tierGap;
    return top;
  });
}

function childrenExtent(
  graph: LaneGraph,
  id: string,
  positions: Positions,
): { from: number; to: number } | undefined {
  const widths = new Map(graph.tiers.flat().map(node => [node.id, node.w]));
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const edge of graph.edges) {
    const at = edge.from === id ? positions.get(edge.to) : undefined;
    if (!at) continue;
    from = Math.min(from, at.x);
    to = Math.max(to, at.x + widths.get(edge.to)!);
  }
  return from <= to ? { from, to } : undefined;
}
