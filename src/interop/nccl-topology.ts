/**
 * Reads the topology that NCCL and RCCL dump of one machine (`NCCL_TOPO_DUMP_FILE`): GPUs, NVLink or xGMI, the PCI tree and the
 * NICs, as a graph over the GPUs.
 *
 * As in the libraries, traffic between GPUs takes NVLink or xGMI where that joins them all; PCI switches and sockets are part of
 * the graph only where it does not.
 */
import { nvlinkRate, pcieRate, socketRate, xgmiRate } from './nccl-topology/rates.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface TopologyLink {
  /** GPUs are 0 to `gpus.length` - 1, switches follow. */
  a: number;
  b: number;
  /** Bytes per second and direction, all parallel links together. */
  rate: number;
}

export interface TopologyGpu {
  busId: string;
  /** Compute capability, 90 for 9.0; undefined for AMD. */
  sm?: number;
  /** Architecture of an AMD GPU: `gfx942`. */
  gcn?: string;
}

export interface TopologyNic {
  name: string;
  /** Bytes per second and direction. */
  rate: number;
}

export interface TopologyProblem {
  severity: 'error' | 'warning';
  message: string;
}

export interface NcclTopology {
  /** By rank. Empty where a problem is an error. */
  gpus: TopologyGpu[];
  /** What the vertices after the GPUs are: "NVSwitch", "PCI 0000:18:00.0", "CPU 0". */
  switches: string[];
  links: TopologyLink[];
  nics: TopologyNic[];
  problems: TopologyProblem[];
}

const EXPECTED = 'expected the topology that NCCL writes with NCCL_TOPO_DUMP_FILE=topo.xml';

/** Never throws: what is no such file comes back as a problem. */
export function readNcclTopology(text: string): NcclTopology {
  if (text.trim() === '') return failed(`The file is empty; ${EXPECTED}`);
  const xml = readXml(text);
  if (!xml.ok) {
    const { message, line, column } = xml.problem;
    return failed(`Line ${line}, column ${column}: ${message}; ${EXPECTED}`);
  }
  if (xml.root.name !== 'system') return failed(`The outermost element is '${xml.root.name}'; ${EXPECTED}`);
  return new Machine(xml.root).topology();
}

const failed = (message: string): NcclTopology => ({
  gpus: [],
  switches: [],
  links: [],
  nics: [],
  problems: [{ severity: 'error', message }],
});

/** A GPU, a PCI switch, a socket or all NVSwitches together. */
interface Vertex {
  name: string;
  gpu?: TopologyGpu & { order: number };
}

interface Link {
  a: Vertex;
  b: Vertex;
  rate: number;
}

const attribute = (element: XmlElement, name: string): string => element.attributes.get(name) ?? '';
const integer = (element: XmlElement, name: string, otherwise: number): number => {
  const value = Number.parseInt(attribute(element, name), 10);
  return Number.isFinite(value) ? value : otherwise;
};

class Machine {
  private readonly gpus = new Map<string, Vertex>();
  private readonly pci: Link[] = [];
  private readonly nics = new Map<string, TopologyNic>();
  /** Elements `nvlink` and `xgmi`, and the GPU that they stand in. */
  private readonly direct: { from: Vertex; element: XmlElement }[] = [];
  private readonly problems: TopologyProblem[] = [];

  constructor(system: XmlElement) {
    const sockets = system.children.filter(each => each.name === 'cpu');
    const vertices = sockets.map((cpu, i) => ({ name: `CPU ${attribute(cpu, 'numaid') || i}` }));
    sockets.forEach((cpu, i) => {
      for (const child of cpu.children) this.visit(child, vertices[i]!);
      for (let j = 0; j < i; j++) {
        // Sockets of different machines are joined by their network, which is no part of a dump.
        if (attribute(cpu, 'host_hash') !== attribute(sockets[j]!, 'host_hash')) continue;
        this.pci.push({ a: vertices[j]!, b: vertices[i]!, rate: socketRate(cpuOf(cpu)) });
      }
    });
  }

  topology(): NcclTopology {
    const gpus = [...this.gpus.values()].sort((a, b) => a.gpu!.order - b.gpu!.order);
    if (gpus.length === 0) return failed(`The file names no GPU; ${EXPECTED}`);
    const direct = this.directLinks();
    const joined = joins(gpus, direct);
    if (!joined && direct.length > 0 && joins(gpus, [...direct, ...this.pci])) {
      this.warn('NVLink or xGMI does not join all GPUs: PCI and sockets are part of the graph');
    }
    const links = contracted(joined ? direct : [...direct, ...this.pci]);
    const switches = [...new Set(links.flatMap(({ a, b }) => [a, b]))].filter(vertex => !vertex.gpu);
    const number = new Map([...gpus, ...switches].map((vertex, index) => [vertex, index]));
    return {
      gpus: gpus.map(({ gpu }) => {
        const { order: _, ...rest } = gpu!;
        return rest;
      }),
      switches: switches.map(({ name }) => name),
      links: links
        .map(({ a, b, rate }) => {
          const [one, other] = [number.get(a)!, number.get(b)!];
          return { a: Math.min(one, other), b: Math.max(one, other), rate };
        })
        .sort((x, y) => x.a - y.a || x.b - y.b),
      nics: [...this.nics.values()],
      problems: this.problems,
    };
  }

  private visit(element: XmlElement, parent: Vertex): void {
    if (element.name === 'nic') this.visitNic(element);
    if (element.name !== 'pci') return;
    const gpu = element.children.find(child => child.name === 'gpu');
    const busId = attribute(element, 'busid').toLowerCase();
    const vertex: Vertex = { name: `PCI ${busId}` };
    this.pci.push({
      a: parent,
      b: vertex,
      rate: pcieRate(attribute(element, 'link_speed'), attribute(element, 'link_width')),
    });
    if (gpu) {
      this.visitGpu(gpu, busId, vertex);
      return;
    }
    for (const child of element.children) this.visit(child, vertex);
  }

  private visitGpu(gpu: XmlElement, busId: string, vertex: Vertex): void {
    if (this.gpus.has(busId)) {
      this.warn(`The GPU ${busId} is listed twice; the first counts`);
      return;
    }
    const gcn = attribute(gpu, 'gcn');
    const order = integer(gpu, 'rank', integer(gpu, 'dev', this.gpus.size));
    vertex.gpu = {
      busId,
      order,
      ...(gcn ? { gcn: gcn.startsWith('gfx') ? gcn : `gfx${gcn}` } : { sm: integer(gpu, 'sm', 0) }),
    };
    this.gpus.set(busId, vertex);
    for (const element of gpu.children) {
      if (element.name === 'nvlink' || element.name === 'xgmi') this.direct.push({ from: vertex, element });
    }
  }

  private visitNic(nic: XmlElement): void {
    for (const net of nic.children) {
      if (net.name !== 'net') continue;
      const name = attribute(net, 'name') || `net ${this.nics.size}`;
      // Mb/s; some plug-ins write kb/s.
      const speed = integer(net, 'speed', 0);
      const megabits = speed > 10e6 ? speed / 1000 : speed;
      if (megabits > 0) this.nics.set(name, { name, rate: (megabits * 1e6) / 8 });
    }
  }

  /** Both ends state a link between GPUs: the one that sees more of it counts. All NVSwitches are one vertex, as in NCCL. */
  private directLinks(): Link[] {
    const nvswitch: Vertex = { name: 'NVSwitch' };
    const sums = new Map<Vertex, Map<Vertex, number>>();
    const unknown = new Set<string>();
    for (const { from, element } of this.direct) {
      const target = attribute(element, 'target').toLowerCase();
      const kind = attribute(element, 'tclass');
      const to = kind.startsWith('0x0680') ? nvswitch : this.gpus.get(target);
      // Links to a CPU (POWER, Grace) carry no traffic between GPUs that others would not.
      if (!to) {
        if (!kind.startsWith('0x068001') && target !== '') unknown.add(target);
        continue;
      }
      if (to === from) continue;
      const count = Math.max(1, integer(element, 'count', 1));
      const gpu = from.gpu!;
      const rate = count * (element.name === 'xgmi' ? xgmiRate(gpu.gcn ?? '') : nvlinkRate(gpu.sm ?? 0));
      const own = sums.get(from) ?? new Map<Vertex, number>();
      sums.set(from, own.set(to, (own.get(to) ?? 0) + rate));
    }
    if (unknown.size > 0)
      this.warn(`Links to devices that are not listed are left out: ${[...unknown].slice(0, 4).join(', ')}`);
    const links = new Map<string, Link>();
    const id = new Map([...this.gpus.values(), nvswitch].map((vertex, index) => [vertex, index]));
    for (const [a, targets] of sums) {
      for (const [b, rate] of targets) {
        const key = [id.get(a)!, id.get(b)!].sort((x, y) => x - y).join();
        const known = links.get(key);
        if (!known) links.set(key, { a, b, rate });
        else known.rate = Math.max(known.rate, rate);
      }
    }
    return [...links.values()];
  }

  private warn(message: string): void {
    this.problems.push({ severity: 'warning', message });
  }
}

const cpuOf = (cpu: XmlElement) => ({
  arch: attribute(cpu, 'arch'),
  vendor: attribute(cpu, 'vendor'),
  family: integer(cpu, 'familyid', 0),
  model: integer(cpu, 'modelid', 0),
});

function neighboursOf(links: readonly Link[]): Map<Vertex, Set<Link>> {
  const of = new Map<Vertex, Set<Link>>();
  for (const link of links) {
    for (const end of [link.a, link.b]) {
      const own = of.get(end) ?? new Set();
      of.set(end, own.add(link));
    }
  }
  return of;
}

/** Whether links lead from every GPU to every other; other GPUs may forward. */
function joins(gpus: readonly Vertex[], links: readonly Link[]): boolean {
  const of = neighboursOf(links);
  const reached = new Set([gpus[0]!]);
  const open = [gpus[0]!];
  while (open.length > 0) {
    const vertex = open.pop()!;
    for (const { a, b } of of.get(vertex) ?? []) {
      const next = a === vertex ? b : a;
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return gpus.every(gpu => reached.has(gpu));
}

/** Without switches that lead nowhere, and with one link in place of a switch that only passes on. */
function contracted(links: readonly Link[]): Link[] {
  const of = neighboursOf(links);
  const kept = new Set(links);
  const drop = (link: Link) => {
    kept.delete(link);
    of.get(link.a)!.delete(link);
    of.get(link.b)!.delete(link);
  };
  const open = [...of.keys()].filter(vertex => !vertex.gpu);
  while (open.length > 0) {
    const vertex = open.pop()!;
    const own = [...of.get(vertex)!];
    if (own.length === 0 || own.length > 2) continue;
    const [one, other] = own.map(link => (link.a === vertex ? link.b : link.a));
    const rate = Math.min(...own.map(link => link.rate));
    for (const link of own) drop(link);
    for (const end of [one!, other]) if (end && !end.gpu) open.push(end);
    if (!other || one === other) continue;
    // Two ways between the same two are one link with the rate of both.
    const beside = [...of.get(one!)!].find(link => link.a === other || link.b === other);
    if (beside) beside.rate += rate;
    else {
      const link = { a: one!, b: other, rate };
      kept.add(link);
      of.get(one!)!.add(link);
      of.get(other)!.add(link);
    }
  }
  return [...kept];
}
