/** Reads the table of recorded runs. What a run was given and what came out part here and meet again only in the report. */
import type { Block, Dimension, Method, Op, Settings } from './settings.ts';

export interface Run {
  id: string;
  /** For summaries: topology, backend, profile. */
  family: string;
  /** Or what in the row cannot be read, in words that name the column. */
  settings: Settings | string;
}

/** Nanoseconds at which the last rank finished; undefined where the row has no time. */
export type Times = (number | undefined)[];

export interface Table {
  runs: Run[];
  times: Times;
}

const SETTINGS = [
  'case_id',
  'topology_per_dim',
  'npus_per_dim',
  'bandwidth_GiBps_per_link_per_dim',
  'latency_ns_per_link_per_dim',
  'collective',
  'comm_size_bytes',
  'algorithm_per_dim',
  'preferred_dataset_splits',
  'active_chunks_per_dimension',
  'num_queues_per_dim',
  'endpoint_delay_ns',
  'local_mem_bw_GBps',
  'collective_optimization',
  'backend',
] as const;
export const TIME = 'finish_ns_max';

type Cells = Record<(typeof SETTINGS)[number], string>;

/** The file cannot be used at all: what is missing, for people. */
export class WrongTable extends Error {}

/** @throws WrongTable where columns are missing or nothing follows the header */
export function readTable(text: string): Table {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = cellsOf(lines[0] ?? '');
  const missing = [...SETTINGS, TIME].filter(name => !header.includes(name));
  if (missing.length > 0)
    throw new WrongTable(`missing ${missing.length === 1 ? 'column' : 'columns'}: ${missing.join(', ')}`);
  const rows = lines.slice(1).filter(line => line.trim() !== '');
  if (rows.length === 0) throw new WrongTable('no rows below the header');
  const table: Table = { runs: [], times: [] };
  for (const line of rows) {
    const cells = cellsOf(line);
    const cell = (name: string): string => cells[header.indexOf(name)]?.trim() ?? '';
    table.runs.push(
      runOf(Object.fromEntries(SETTINGS.map(name => [name, cell(name)])) as Cells, cell('profile')),
    );
    const time = Number(cell(TIME));
    table.times.push(time > 0 ? time : undefined);
  }
  return table;
}

/** Cells of a line; quotes may hold commas, and two of them stand for one. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted !== undefined ? quoted.replaceAll('""', '"') : (plain ?? ''));
  return cells;
}

function runOf(cells: Cells, profile: string): Run {
  const family = [cells.topology_per_dim, cells.backend, profile].filter(part => part !== '').join(' ');
  try {
    return { id: cells.case_id, family, settings: settingsOf(cells) };
  } catch (error) {
    if (error instanceof Unreadable) return { id: cells.case_id, family, settings: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

const OPS: readonly Op[] = ['all_reduce', 'reduce_scatter', 'all_gather', 'all_to_all'];
const BLOCKS: readonly Block[] = ['Ring', 'Switch', 'FullyConnected'];
const OPTIMIZATIONS: readonly Settings['optimization'][] = ['localBWAware', 'baseline'];

function settingsOf(cells: Cells): Settings {
  const whole = (name: keyof Cells): number => {
    const value = number(cells[name], name);
    if (!Number.isInteger(value) || value < 1)
      throw new Unreadable(`${name}: ${cells[name]} is no whole number from 1`);
    return value;
  };
  const dimensions = dimensionsOf(cells);
  const op = oneOf(OPS, cells.collective, 'collective');
  if (op === 'all_to_all' && dimensions.some(({ method }) => method === 'halvingDoubling'))
    throw new Unreadable('algorithm_per_dim: halvingDoubling has no all_to_all');
  const memory = number(cells.local_mem_bw_GBps, 'local_mem_bw_GBps');
  if (memory <= 0) throw new Unreadable(`local_mem_bw_GBps: ${cells.local_mem_bw_GBps} is not above 0`);
  return {
    dimensions,
    op,
    size: whole('comm_size_bytes'),
    splits: whole('preferred_dataset_splits'),
    active: whole('active_chunks_per_dimension'),
    queues: whole('num_queues_per_dim'),
    endpoint: whole('endpoint_delay_ns'),
    memory,
    optimization: oneOf(OPTIMIZATIONS, cells.collective_optimization, 'collective_optimization'),
    congestion: congestionOf(cells.backend),
  };
}

/** `congestion_unaware`, `congestion_aware`, or the side branch that is aware in several dimensions. */
function congestionOf(backend: string): boolean {
  if (/^congestion_unaware/.test(backend)) return false;
  if (/^congestion_aware/.test(backend)) return true;
  throw new Unreadable(`backend: ${backend} is neither congestion_unaware nor congestion_aware`);
}

function dimensionsOf(cells: Cells): Dimension[] {
  const blocks = cells.topology_per_dim.split('x');
  const list = (name: keyof Cells): string[] => {
    const parts = cells[name].split('x');
    if (parts.length === blocks.length) return parts;
    throw new Unreadable(
      `${name}: ${cells[name]} does not have the ${blocks.length} parts of topology_per_dim`,
    );
  };
  const npus = list('npus_per_dim');
  const bandwidths = list('bandwidth_GiBps_per_link_per_dim');
  const latencies = list('latency_ns_per_link_per_dim');
  const methods = list('algorithm_per_dim');
  const made = blocks.map((block, index): Dimension => {
    const count = number(npus[index]!, 'npus_per_dim');
    const bandwidth = number(bandwidths[index]!, 'bandwidth_GiBps_per_link_per_dim');
    if (!Number.isInteger(count) || count < 1)
      throw new Unreadable(`npus_per_dim: ${npus[index]} is no count`);
    if (bandwidth <= 0) throw new Unreadable(`bandwidth_GiBps_per_link_per_dim: ${bandwidth} is not above 0`);
    return {
      block: oneOf(BLOCKS, block, 'topology_per_dim'),
      npus: count,
      bandwidth: (bandwidth * 2 ** 30) / 1e9,
      latency: number(latencies[index]!, 'latency_ns_per_link_per_dim'),
      ...methodOf(methods[index]!),
    };
  });
  if (made.every(({ npus: count }) => count === 1)) throw new Unreadable('npus_per_dim: one rank alone');
  return made;
}

const METHODS: readonly Method[] = ['ring', 'direct', 'halvingDoubling', 'doubleBinaryTree'];

function methodOf(name: string): { method: Method; window?: number } {
  const [, window] = /^direct(\d+)$/.exec(name) ?? [];
  if (window !== undefined) return { method: 'direct', window: Number(window) };
  return { method: oneOf(METHODS, name, 'algorithm_per_dim') };
}

function number(text: string, name: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0)
    throw new Unreadable(`${name}: "${text}" is not a number from 0`);
  return value;
}

function oneOf<T extends string>(known: readonly T[], text: string, name: string): T {
  const found = known.find(each => each === text);
  if (found) return found;
  throw new Unreadable(`${name}: "${text}" is none of ${known.join(', ')}`);
}
