/** The arguments of a dragonfly, those that the text leaves out derived from the ports that it must offer. */
import type { Topology } from '../../engine/fabric/spec.ts';

type Dragonfly = Extract<Topology, { kind: 'dragonfly' }>;
type Sizes = Omit<Dragonfly, 'kind'>;

/**
 * A balanced dragonfly has twice as many routers in a group as hosts or global links on a router (Kim, Dally, Scott, Abts,
 * "Technology-driven, highly-scalable dragonfly topology", ISCA 2008): then no kind of link binds before the others under
 * uniform traffic.
 * @param ports that the children have together
 */
export function dragonflyOf(stated: { [key in keyof Sizes]: number | undefined }, ports: number): Sizes {
  const hosts = stated.hosts ?? hostsOf(stated, ports);
  const routers = stated.routers ?? (stated.groups ? Math.ceil(ports / (stated.groups * hosts)) : 2 * hosts);
  const groups = stated.groups ?? Math.ceil(ports / (routers * hosts));
  const globalLinks = stated.globalLinks ?? Math.max(hosts, Math.ceil((groups - 1) / routers));
  return { groups, routers, hosts, globalLinks };
}

function hostsOf(stated: { [key in keyof Sizes]: number | undefined }, ports: number): number {
  const { groups, routers, globalLinks } = stated;
  if (groups && routers) return Math.ceil(ports / (groups * routers));
  if (routers) return Math.ceil(routers / 2);
  if (globalLinks) return globalLinks;
  // The smallest balanced one that has the ports: 2h routers of h hosts, and a group for each of their global links.
  let hosts = 1;
  while ((groups ?? 2 * hosts * hosts + 1) * 2 * hosts * hosts < ports) hosts++;
  return hosts;
}
