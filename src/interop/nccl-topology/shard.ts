/** A machine as `.shard` text, in the words that its shape has a name for. */
import type { NcclTopology, TopologyGpu } from '../nccl-topology.ts';

export interface ShardNames {
  fabric: string;
  /** A chip of the standard library, or of the reader's own files. */
  chip: string;
  /** Whether the chip is guessed from the dump. */
  guessed: boolean;
  /** The file that was read, for `source`. */
  file: string;
}

/**
 * The chip of the standard library that a GPU most likely is. A compute capability is shared by several products, an
 * architecture of AMD by few; undefined where the library has none, or where a GPU of the dump is half of a chip (gfx90a).
 */
export function likelyChip({ sm, gcn }: TopologyGpu): string | undefined {
  const byCapability: Readonly<Record<number, string>> = {
    80: 'a100_80gb',
    90: 'h100_sxm',
    100: 'b200',
    103: 'b300',
  };
  const byArchitecture: Readonly<Record<string, string>> = {
    gfx940: 'mi300x',
    gfx942: 'mi300x',
    gfx950: 'mi355x',
  };
  return gcn === undefined ? byCapability[sm ?? 0] : byArchitecture[gcn];
}

/** The text, not laid out yet. */
export function shardText(topology: NcclTopology, { fabric, chip, guessed, file }: ShardNames): string {
  const { gpus, nics } = topology;
  const together = nics.reduce((sum, nic) => sum + nic.rate, 0);
  const kind = gpus[0]!.gcn ?? `sm ${gpus[0]!.sm}`;
  const lines = [
    'import "std/chips"',
    '',
    `// ${gpus.length} GPUs (${kind}). The rates are those that NCCL counts with: collectives reach them.`,
    ...topology.switches
      .map((name, i) => `// ${gpus.length + i}: ${name}`)
      .filter(() => shapeOf(topology).listed),
    ...(guessed ? [`// ${chip} is assumed: several chips look alike in such a file.`] : []),
    `fabric ${fabric} {`,
    `source: ${JSON.stringify(file)}`,
    `level node of ${gpus.length} ${chip} {`,
    ...shapeOf(topology).keys,
    'efficiency: 100%',
    '}',
  ];
  if (together > 0) {
    lines.push(
      `// ${nics.length} NIC${nics.length === 1 ? '' : 's'}, ${gigabytes(together)} together. Several machines:`,
      `// level cluster of 4 node { bandwidth: ${gigabytes(together / gpus.length)} }`,
    );
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

interface Shape {
  keys: string[];
  /** Whether links, and with them the numbers of switches, are written out. */
  listed: boolean;
}

function shapeOf({ gpus, links, switches }: NcclTopology): Shape {
  const n = gpus.length;
  const rates = new Set(links.map(({ rate }) => rate));
  const [rate] = rates;
  const even = rates.size === 1;
  if (links.length === 0)
    return { keys: ['bandwidth: 1GB/s // any value does: the file names no links'], listed: false };
  if (even && switches.length === 0 && n > 2 && links.length === (n * (n - 1)) / 2) {
    return { keys: ['topology: fully_connected', `link: ${gigabytes(rate!)}`], listed: false };
  }
  if (even && switches.length === 1 && links.length === n && links.every(({ b }) => b === n)) {
    return { keys: ['topology: switch', `bandwidth: ${gigabytes(rate!)}`], listed: false };
  }
  const pairs = links.map(link => `[${link.a}, ${link.b}${even ? '' : `, ${gigabytes(link.rate)}`}]`);
  const rows = [];
  for (let i = 0; i < pairs.length; i += 6) rows.push(pairs.slice(i, i + 6).join(', '));
  return {
    keys: [
      `topology: graph(links: [\n${rows.join(',\n')}\n])`,
      ...(even ? [`link: ${gigabytes(rate!)}`] : []),
    ],
    listed: true,
  };
}

const gigabytes = (rate: number): string => `${Number((rate / 1e9).toFixed(4))}GB/s`;
