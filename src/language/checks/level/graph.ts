/** `graph-link`, `graph-switch`, `topology-disconnected`: whether explicit links make sense and hold all children together. */
import { formatCount } from '../../../engine/units/format.ts';
import { adjacencyOf, linkKey, reachable } from './adjacency.ts';
import { argumentRange, type LevelCheck } from './context.ts';

export function checkGraph(check: LevelCheck): void {
  const { topology, count, links, findings, node } = check;
  if (topology.kind !== 'graph' || !links.sound) return;
  const last = formatCount(count - 1);
  const first = new Map<string, number>();
  const degree = new Map<number, number>();
  topology.links.forEach(({ a, b }, index) => {
    const range = links.ranges[index]!;
    if (a === b) {
      findings.add('graph-link', range, `A link joins two vertices; this one leads from ${a} to itself.`);
      return;
    }
    const key = linkKey(a, b);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else {
      const message = `${a} and ${b} are linked already: write one link with the rate of all that join them.`;
      const related = [{ message: 'Stated first here.', range: links.ranges[earlier]! }];
      findings.add('graph-link', range, message, { related });
    }
    for (const end of [a, b]) degree.set(end, (degree.get(end) ?? 0) + 1);
  });
  const switches = [...degree.keys()].filter(vertex => vertex >= count).sort((a, b) => a - b);
  const gap = switches.find((vertex, index) => vertex !== count + index);
  if (gap !== undefined) {
    const missing = count + switches.indexOf(gap);
    const range = links.ranges[topology.links.findIndex(({ a, b }) => a === gap || b === gap)]!;
    const advice =
      switches.length === 1 && !degree.has(0)
        ? ' Are the children numbered from 1?'
        : ` The first switch without a link is ${missing}.`;
    findings.add(
      'graph-link',
      range,
      `There is no vertex ${gap}: the ${formatCount(count)} children of a ${node.name} are 0 to ${last}, and switches follow from ${count} on without a gap.${advice}`,
    );
    return;
  }
  for (const vertex of switches) {
    if (degree.get(vertex)! >= 2) continue;
    const range = links.ranges[topology.links.findIndex(({ a, b }) => a === vertex || b === vertex)]!;
    const advice =
      vertex === count && !degree.has(0) ? ' Are the children numbered from 1? They begin with 0.' : '';
    findings.add(
      'graph-switch',
      range,
      `${vertex} is a switch, because the children are 0 to ${last}, and has one link: nothing passes through it.${advice}`,
    );
  }
  const adjacency = adjacencyOf(topology, count)!;
  const reached = reachable(adjacency, 0, { vertices: new Set(), links: new Set() });
  for (let child = 1; child < count; child++) {
    if (reached.has(child)) continue;
    findings.add(
      'topology-disconnected',
      argumentRange(check, topology.links.length > 0 && check.choice?.args.file ? 'file' : 'links'),
      `No way leads from child 0 to child ${child}: ${degree.has(0) && degree.has(child) ? 'the links fall into separate parts' : `child ${degree.has(0) ? child : 0} has no link`}.`,
    );
    return;
  }
}
