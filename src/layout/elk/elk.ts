/** A lane's graph in elkjs's words, and its answer in ours. */
import type { ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';
import { type LaneGraph, type Positions, placeTiers } from './graph.ts';

const NORTH = { 'elk.port.side': 'NORTH' };
const SOUTH = { 'elk.port.side': 'SOUTH' };

/**
 * Layers from the top down, one partition per tier, in model order. With positions of an earlier layout every phase is
 * interactive: what was there keeps its place.
 */
function options(graph: LaneGraph, interactive: boolean): Record<string, string> {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': 'DOWN',
    'elk.partitioning.activate': 'true',
    'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    'elk.randomSeed': '1',
    'elk.edgeRouting': 'POLYLINE',
    'elk.spacing.nodeNode': String(graph.gap),
    'elk.layered.spacing.nodeNodeBetweenLayers': String(graph.tierGap),
    'elk.layered.spacing.edgeNodeBetweenLayers': '0',
    'elk.spacing.edgeNode': '0',
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
    'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
    ...(interactive
      ? {
          'elk.interactive': 'true',
          'elk.layered.cycleBreaking.strategy': 'INTERACTIVE',
          'elk.layered.layering.strategy': 'INTERACTIVE',
          'elk.layered.crossingMinimization.strategy': 'INTERACTIVE',
        }
      : {}),
  };
}

/** Graph distance becomes distance on screen; from old positions the layout only moves what has changed. */
function toStress(graph: LaneGraph, old: Positions | undefined): ElkNode {
  const whole = old !== undefined && graph.tiers.flat().every(({ id }) => old.has(id));
  return {
    id: 'lane',
    layoutOptions: {
      'elk.algorithm': 'stress',
      'elk.randomSeed': '1',
      'elk.stress.desiredEdgeLength': '110',
      'elk.separateConnectedComponents': 'false',
      // A few rounds make room for what has changed; all of them would turn the picture around.
      ...(whole ? { 'elk.interactive': 'true', 'elk.stress.iterationLimit': '6' } : {}),
    },
    children: graph.tiers.flat().map(({ id, w, h }) => ({
      id,
      width: w,
      height: h,
      ...(whole ? old.get(id) : {}),
    })),
    edges: graph.edges.map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  };
}

export function toElk(graph: LaneGraph, old?: Positions): ElkNode {
  if (graph.free) return toStress(graph, old);
  const interactive = old !== undefined;
  const nodes = new Map(graph.tiers.flat().map(node => [node.id, node]));
  const planned = placeTiers(graph);
  // Every bundle leaves its switch right above the unit it leads to, so that straight lines are the best layout.
  const ports = (id: string): ElkPort[] =>
    graph.edges.flatMap(({ from, to }, index): ElkPort[] => {
      const below = nodes.get(to)!;
      if (to === id)
        return [{ id: `in ${index}`, width: 0, height: 0, x: below.w / 2, y: 0, layoutOptions: NORTH }];
      if (from !== id) return [];
      const x = planned.get(to)!.x + below.w / 2 - planned.get(id)!.x;
      return [{ id: `out ${index}`, width: 0, height: 0, x, y: nodes.get(id)!.h, layoutOptions: SOUTH }];
    });
  return {
    id: 'lane',
    layoutOptions: options(graph, interactive),
    children: graph.tiers.flatMap((tier, index) =>
      tier.map(node => {
        const at = old?.get(node.id);
        return {
          id: node.id,
          width: node.w,
          height: node.h,
          layoutOptions: {
            'elk.partitioning.partition': String(index),
            'elk.portConstraints': 'FIXED_POS',
          },
          ports: ports(node.id),
          ...(at ? { x: at.x, y: at.y } : {}),
        };
      }),
    ),
    edges: graph.edges.map((_, index) => ({
      id: `e${index}`,
      sources: [`out ${index}`],
      targets: [`in ${index}`],
    })),
  };
}

/** @returns undefined when the answer lacks a node, so that the closed form stays. */
export function fromElk(graph: LaneGraph, laid: ElkNode): Positions | undefined {
  const positions = new Map<string, { x: number; y: number }>();
  for (const { id, x, y } of laid.children ?? []) {
    if (Number.isFinite(x) && Number.isFinite(y)) positions.set(id, { x: x!, y: y! });
  }
  const left = Math.min(...[...positions.values()].map(({ x }) => x));
  const top = Math.min(...[...positions.values()].map(({ y }) => y));
  for (const at of positions.values()) {
    at.x -= left;
    at.y -= top;
  }
  return graph.tiers.flat().every(({ id }) => positions.has(id)) ? positions : undefined;
}
