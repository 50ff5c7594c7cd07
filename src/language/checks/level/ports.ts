/** `topology-ports`: routers have a port for every port of the children, and links to every other group. */
import { formatCount } from '../../../engine/units/format.ts';
import { product } from '../../lower/topology.ts';
import { argumentRange, type LevelCheck } from './context.ts';

export function checkPorts(check: LevelCheck): void {
  const { topology, ports, findings, node, count } = check;
  const have = `${formatCount(count)} children of a ${node.name} have ${formatCount(ports)} ports`;
  if (topology.kind === 'dragonfly') {
    const { groups, routers, hosts, globalLinks } = topology;
    const offered = groups * routers * hosts;
    if (offered < ports) {
      findings.add(
        'topology-ports',
        argumentRange(check, 'hosts'),
        `${have}, but ${formatCount(groups)} groups of ${formatCount(routers)} routers with ${formatCount(hosts)} hosts take ${formatCount(offered)}. With ${formatCount(Math.ceil(ports / (routers * hosts)))} groups, or ${formatCount(Math.ceil(ports / (groups * routers)))} hosts, they fit.`,
      );
    }
    if (routers * globalLinks < groups - 1) {
      findings.add(
        'topology-ports',
        argumentRange(check, 'global_links'),
        `A group has ${formatCount(routers)} × ${formatCount(globalLinks)} = ${formatCount(routers * globalLinks)} links to other groups, and there are ${formatCount(groups - 1)} others: every two groups need one. ${formatCount(Math.ceil((groups - 1) / routers))} global links of a router are enough.`,
      );
    }
  }
  if (topology.kind === 'hyperx' && product(topology.dims) * topology.hosts < ports) {
    const switches = product(topology.dims);
    findings.add(
      'topology-ports',
      argumentRange(check, 'hosts'),
      `${have}, but ${formatCount(switches)} switches with ${formatCount(topology.hosts)} hosts take ${formatCount(switches * topology.hosts)}. With ${formatCount(Math.ceil(ports / switches))} hosts they fit.`,
    );
  }
  if (topology.kind === 'rail' && !topology.spine && topology.leaf !== undefined && topology.leaf < count) {
    findings.add(
      'topology-disconnected',
      argumentRange(check, 'leaf'),
      `Without a spine nothing joins the ${formatCount(Math.ceil(count / topology.leaf))} switches of a rail: children 0 and ${formatCount(topology.leaf)} cannot reach each other. Drop 'leaf', or 'spine: false'.`,
    );
  }
}
