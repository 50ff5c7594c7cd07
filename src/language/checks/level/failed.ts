/** `failed-unknown` and `failed-disconnects`: what is said to be broken exists, and what is left holds together. */
import type { Topology } from '../../../engine/fabric/spec.ts';
import { formatCount } from '../../../engine/units/format.ts';
import { rangeOf } from '../../analysis/source.ts';
import { product } from '../../lower/topology.ts';
import { adjacencyOf, linkKey, reachable, tooManyToFollow } from './adjacency.ts';
import type { LevelCheck } from './context.ts';

export function checkFailed(check: LevelCheck): void {
  const { failed, topology, count, findings, node } = check;
  if (failed.links.length === 0 && failed.children.length === 0) return;
  if (topology.kind === 'ocs') {
    findings.add(
      'failed-unknown',
      failedRange(check),
      "Circuits of an optical switch are set around what is broken: state the 'shape' and count that are left, or 'failed' in the level below.",
    );
    return;
  }
  let sound = true;
  for (const { child, range } of failed.children) {
    if (child < count) continue;
    sound = false;
    const message = `There is no child ${formatCount(child)}: those of a ${node.name} are 0 to ${formatCount(count - 1)}.`;
    findings.add('failed-unknown', range, message);
  }
  for (const { ends, range } of failed.links) {
    const why = whyNoLink(check, ends[0], ends[1]);
    if (why === undefined) continue;
    sound = false;
    findings.add('failed-unknown', range, why);
  }
  if (sound) checkConnected(check);
}

const failedRange = ({ entries }: LevelCheck) => rangeOf(entries.get('failed')!.property);

const WITHOUT_LINKS: Partial<Record<Topology['kind'], string>> = {
  switch: 'A switch',
  fat_tree: 'A fat tree',
};

/** Why there is no link between two vertices; undefined where there is one. */
function whyNoLink(check: LevelCheck, a: number, b: number): string | undefined {
  const { topology, count, node, ports } = check;
  const tree = WITHOUT_LINKS[topology.kind];
  if (tree)
    return `${tree} has no links between children. Lower 'bandwidth' or 'uplink' to what is left, take the child out with 'chip(${a})', or write the links as 'graph(links: …)'.`;
  if (a === b) return `A link joins two vertices; this one leads from ${a} to itself.`;
  const last = lastVertex(topology, count);
  if (b > last) {
    const switches = last >= count ? `, its switches ${formatCount(count)} to ${formatCount(last)}` : '';
    return `There is no vertex ${formatCount(b)}: the children of a ${node.name} are 0 to ${formatCount(count - 1)}${switches}.`;
  }
  if (topology.kind === 'dragonfly') return whyNoDragonflyLink(topology, count, ports / count, a, b);
  if (topology.kind === 'hyperx') return whyNoHyperxLink(topology, count, ports / count, a, b);
  if (topology.kind === 'rail') return undefined; // judged by the wiring, once all are read
  if (topology.kind === 'hamming_mesh' && b >= count) return undefined;
  if (topology.kind === 'hamming_mesh') {
    const size = product(topology.board);
    const board = {
      kind: 'torus',
      dims: topology.board,
      wrap: topology.board.map(() => false),
      twist: false,
    } as const;
    const same = Math.floor(a / size) === Math.floor(b / size);
    const near = adjacencyOf(board, size)!.neighbours(a % size);
    if (same && near.includes(b % size)) return undefined;
    return `${a} and ${b} are not linked: board 0 has the children 0 to ${size - 1}, and the switches of lines are numbered from ${count} on.`;
  }
  if (topology.kind === 'fully_connected') return undefined;
  const near = adjacencyOf(topology, count)?.neighbours(a) ?? [];
  if (near.includes(b)) return undefined;
  const links = [...new Set(near)].sort((x, y) => x - y);
  const shown = links.length > 12 ? `${links.slice(0, 12).join(', ')}, …` : links.join(', ');
  return `${a} and ${b} are not linked: ${a} has ${links.length === 0 ? 'no links' : `links to ${shown}`}.`;
}

function lastVertex(topology: Topology, count: number): number {
  switch (topology.kind) {
    case 'dragonfly':
      return count + topology.groups * topology.routers - 1;
    case 'hyperx':
      return count + product(topology.dims) - 1;
    case 'graph':
      return adjacencyOf(topology, count)!.vertices - 1;
    case 'rail':
    case 'hamming_mesh':
      return Number.POSITIVE_INFINITY;
    default:
      return count - 1;
  }
}

/** Whether router `router` has one of the ports of a child; ports are numbered through the hosts of the routers. */
const hangsOn = (child: number, perChild: number, router: number, hosts: number): boolean =>
  Math.floor((child * perChild) / hosts) <= router &&
  Math.floor(((child + 1) * perChild - 1) / hosts) >= router;

type Dragonfly = Extract<Topology, { kind: 'dragonfly' }>;
type HyperX = Extract<Topology, { kind: 'hyperx' }>;

function whyNoDragonflyLink(
  { routers, hosts }: Dragonfly,
  count: number,
  perChild: number,
  a: number,
  b: number,
): string | undefined {
  if (b < count)
    return `Children ${a} and ${b} meet in routers: name those, from ${count} on, group by group.`;
  const router = b - count;
  if (a >= count || hangsOn(a, perChild, router, hosts)) return undefined; // between groups: judged by the wiring
  const own = Math.floor((a * perChild) / hosts);
  return `Child ${a} hangs on router ${count + own} (router ${own % routers} of group ${Math.floor(own / routers)}), not on ${b}.`;
}

function whyNoHyperxLink(
  { dims, hosts }: HyperX,
  count: number,
  perChild: number,
  a: number,
  b: number,
): string | undefined {
  if (b < count)
    return `Children ${a} and ${b} meet in switches: name those, from ${count} on, the first dimension fastest.`;
  if (a < count) {
    if (hangsOn(a, perChild, b - count, hosts)) return undefined;
    return `Child ${a} hangs on switch ${count + Math.floor((a * perChild) / hosts)}, not on ${b}.`;
  }
  let differ = 0;
  let [left, right] = [a - count, b - count];
  for (const size of dims) {
    if (left % size !== right % size) differ++;
    [left, right] = [Math.floor(left / size), Math.floor(right / size)];
  }
  return differ === 1
    ? undefined
    : `Switches ${a} and ${b} differ in ${differ} dimensions; those that differ in one are linked.`;
}

function checkConnected(check: LevelCheck): void {
  const { failed, topology, count, findings } = check;
  const gone = {
    vertices: new Set(failed.children.map(({ child }) => child)),
    links: new Set(failed.links.map(({ ends }) => linkKey(...ends))),
  };
  const adjacency = tooManyToFollow(topology, count) ? undefined : adjacencyOf(topology, count);
  const left = [...Array(adjacency ? count : 0).keys()].filter(child => !gone.vertices.has(child));
  const from = left[0];
  if (!adjacency || from === undefined) return;
  const reached = reachable(adjacency, from, gone);
  const lost = left.find(child => !reached.has(child));
  if (lost === undefined) return;
  const cut = count - gone.vertices.size - left.filter(child => reached.has(child)).length;
  findings.add(
    'failed-disconnects',
    failedRange(check),
    `What is left falls apart: no way leads from child ${from} to child ${lost}${cut > 1 ? ` and ${formatCount(cut - 1)} more` : ''}. Add those that are cut off as 'chip(…)'.`,
  );
}
