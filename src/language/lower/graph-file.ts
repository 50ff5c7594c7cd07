/** `graph("topo.xml")`: the links of a machine as NCCL or RCCL saw them. */
import type { GraphLink } from '../../engine/fabric/spec.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import type { Level } from '../generated/ast.ts';
import type { Choice } from '../values/read-choice.ts';
import type { Env } from '../values/value.ts';
import type { Logs } from './calibrate.ts';
import { whyUnread } from './foreign.ts';
import { argumentOf, NO_LINKS, type PlacedLinks } from './graph.ts';

/** What reading a topology gives; `readNcclTopology` of src/interop. */
export interface TopologyFile {
  /** Numbered from 0; the ends of links from `gpus.length` on are switches. */
  gpus: readonly unknown[];
  links: readonly Required<GraphLink>[];
  problems: readonly { severity: 'error' | 'warning'; message: string }[];
}

const UNUSABLE: PlacedLinks = { ...NO_LINKS, sound: false };

export function linksOfFile(choice: Choice, count: number, level: Level, logs: Logs, env: Env): PlacedLinks {
  const path = choice.args.file as string;
  const range = rangeOf(argumentOf(choice, 'file') ?? choice.node);
  const fail = (message: string, more: Parameters<Env['findings']['add']>[3] = {}): PlacedLinks => {
    env.findings.add('graph-file', range, message, more);
    return UNUSABLE;
  };
  if (choice.args.links !== undefined) {
    return fail("A graph is read from a file or written as 'links:', not both.");
  }
  const content = logs.file(path);
  if (content?.text === undefined) return fail(whyUnread(path, content));
  const { gpus, links, problems } = logs.importTopology(content.text);
  for (const { severity, message } of problems)
    env.findings.add('graph-file', range, `${path}: ${message}.`, { severity });
  if (gpus.length === 0) return UNUSABLE;
  if (gpus.length !== count) {
    const [part, ...others] = level.parts;
    const edits = part && [{ range: rangeOfProperty(part, 'count'), newText: String(gpus.length) }];
    const title = `Set the count to ${gpus.length}`;
    return fail(`${path} has ${gpus.length} GPUs, a ${level.name} has ${count} children.`, {
      fixes: [edits && others.length === 0 ? { title, edits, preferred: true } : undefined],
    });
  }
  return { links: [...links], ranges: links.map(() => range), sound: true, achieved: true };
}
