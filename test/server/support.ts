/** Documents and reports for the tests of the server's features: real services, no sockets. */
import { type LangiumDocument, URI } from 'langium';
import type { Cause, EstimateResult } from '../../src/engine/estimate/result.ts';
import type { PlanSpec } from '../../src/engine/plan/spec.ts';
import type { PlanReport, Report, SourceRange } from '../../src/language/analysis/report.ts';
import { MemoryFiles } from '../../src/language/memory-files.ts';
import { createShardplanServices } from '../../src/language/module.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/server/settings.ts';
import { type View, viewOf } from '../../src/server/view.ts';
import { pretrain } from '../engine/estimate/samples.ts';
import { handmade } from './estimate.ts';

export const URI_TEXT = 'file:///plans/llama.shard';

/** The mesh and plan of the first example, without comments. */
export const LLAMA = `import "std/chips"

fabric clos24k {
  level node of 8 h100_sxm {
    topology:  switch(reduce: true)
    bandwidth: 450GB/s
    latency:   0.6us
  }
  level pod of 384 node {
    topology:  fat_tree(tiers: 2)
    bandwidth: 400Gb/s
    latency:   4us
  }
  level cluster of 8 pod {
    topology:  fat_tree(tiers: 1, oversubscription: 7)
    bandwidth: 400Gb/s
    latency:   7us
  }
}

model llama3_405b from "config.json"

mesh m16k on clos24k {
  tp:  8 on node
  cp:  1
  pp:  16
  dp:  128
  order: tp < cp < pp < dp
}

plan pretrain of llama3_405b on m16k {
  batch.global:   2048
  batch.micro:    1
  batch.sequence: 8192
  tp.sequence_parallel: true
  dp.zero:     2
  dp.accumulate: local
  pp.schedule: interleaved(chunks: 8)
  recompute:   selective(swiglu, norm)
  assert step_time < 8s
  expect exposed(dp) < 2% * step_time
}
`;

export interface Opened {
  document: LangiumDocument;
  services: ReturnType<typeof createShardplanServices>;
}

/** Parses and links one document, with other files beside it. */
export async function open(text: string, files: Record<string, string> = {}): Promise<Opened> {
  const services = createShardplanServices({ source: new MemoryFiles(files) });
  const { LangiumDocuments, LangiumDocumentFactory, DocumentBuilder } = services.shared.workspace;
  const document = LangiumDocumentFactory.fromString(text, URI.parse(URI_TEXT));
  LangiumDocuments.addDocument(document);
  await DocumentBuilder.build([document], { validation: false });
  return { document, services };
}

/** A report as the analysis makes it, with figures written by hand. */
export function reportOf(text: string, specs: PlanSpec[] = [pretrain()]): Report {
  return { plans: specs.map(spec => planReport(text, spec)), findings: [] };
}

/** `estimate`: of the engine, or figures that no change to the engine moves. */
export function planReport(
  text: string,
  spec: PlanSpec,
  result: EstimateResult = { ok: true, estimate: handmade() },
): PlanReport {
  const from = text.search(new RegExp(`^plan ${spec.name}\\b`, 'm'));
  const range = spanOf(text, from, closing(text, from));
  const claims = [...text.slice(from, closing(text, from)).matchAll(/^\s*(assert|expect) (.+)$/gm)].map(
    match => {
      const start = from + match.index + match[0].indexOf(match[1]!);
      return {
        severity: match[1] as 'assert' | 'expect',
        text: match[2]!,
        holds: match[1] === 'assert' ? true : undefined,
        actual: match[1] === 'assert' ? '6.64 s' : '',
        range: spanOf(text, start, start + match[0].trim().length),
      };
    },
  );
  return {
    plan: spec.name,
    range,
    nameRange: spanOf(text, from + 5, from + 5 + spec.name.length),
    spec,
    ...(result.ok ? { estimate: result.estimate, refusals: [] } : { refusals: result.refusals }),
    claims,
    locate: causes => locate(text, from, causes),
  };
}

function locate(text: string, plan: number, causes: Cause[]): SourceRange | undefined {
  for (const cause of causes) {
    const pattern =
      cause.kind === 'level' ? `^ *level ${cause.key}\\b.*` : `^ *${cause.key.replace('.', '\\.')}:.*`;
    const within = cause.kind === 'axis' || cause.kind === 'level' ? 0 : plan;
    const end = cause.kind === 'axis' || cause.kind === 'level' ? text.length : closing(text, plan);
    const match = new RegExp(pattern, 'm').exec(text.slice(within, end));
    if (match)
      return spanOf(
        text,
        within + match.index + match[0].search(/\S/),
        within + match.index + match[0].length,
      );
  }
  return undefined;
}

const closing = (text: string, from: number): number => {
  const end = text.indexOf('\n}', from);
  return end < 0 ? text.length : end + 2;
};

function spanOf(text: string, from: number, to: number): SourceRange {
  return { uri: URI_TEXT, start: positionOf(text, from), end: positionOf(text, to) };
}

export function positionOf(text: string, offset: number) {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** A view of a text with a report from the engine. */
export async function viewFor(
  text: string,
  options: {
    report?: Report;
    settings?: Partial<Settings['hints']>;
    active?: string;
    files?: Record<string, string>;
  } = {},
): Promise<View & Opened> {
  const opened = await open(text, options.files);
  const report = options.report ?? reportOf(text);
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    hints: { ...DEFAULT_SETTINGS.hints, ...options.settings },
  };
  const active = report.plans.find(p => p.plan === options.active) ?? report.plans[0];
  return { ...viewOf(opened.document, report, active, settings), ...opened };
}

/** The text without `<|>`, and where it stood. */
export function cursor(marked: string): {
  text: string;
  offset: number;
  position: { line: number; character: number };
} {
  const offset = marked.indexOf('<|>');
  const text = marked.replace('<|>', '');
  return { text, offset, position: positionOf(text, offset) };
}

/** The text with each hint at its place, figure spaces shown as `_`. */
export function withHints(
  text: string,
  hints: { position: { line: number; character: number }; label: unknown }[],
): string {
  const lines = text.split('\n');
  for (const hint of [...hints].sort((a, b) => b.position.character - a.position.character)) {
    const { line, character } = hint.position;
    lines[line] =
      `${lines[line]!.slice(0, character)} «${String(hint.label).replaceAll('\u2007', '_')}»${lines[line]!.slice(character)}`;
  }
  return lines.join('\n');
}
