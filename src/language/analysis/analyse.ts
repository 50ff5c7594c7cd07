/** The one analysis of a document that every surface reads. */
import type { LangiumDocument } from 'langium';
import { estimatePlan } from '../../engine/estimate/estimate.ts';
import { measure } from '../../engine/estimate/metrics.ts';
import type { EstimateResult } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import { Findings } from '../checks/findings.ts';
import { checkMesh, guarded } from '../checks/index.ts';
import { documentFindings } from '../findings/index.ts';
import type { Declaration, Document } from '../generated/ast.ts';
import { importsOf, resolvePath } from '../imports.ts';
import type { MeasuredLog } from '../lower/calibrate.ts';
import { damageOf } from '../lower/damage.ts';
import type { GemmTableFile } from '../lower/gemm-table.ts';
import type { TopologyFile } from '../lower/graph-file.ts';
import { History, Interner } from '../lower/history.ts';
import { Lowering, type LoweringServices } from '../lower/lowering.ts';
import type { ImportedModel } from '../lower/model.ts';
import type { ShardplanServices } from '../module.ts';
import { perBuild } from '../workspace/build-memo.ts';
import type { Measure } from './claims.ts';
import { type Pricing, planReport } from './plan-report.ts';
import type { Finding, Report } from './report.ts';
import { rangeOf } from './source.ts';

export interface AnalyserOptions {
  /** Reads a foreign model file; `importHuggingFace` of src/interop. */
  importModel(text: string, name: string): ImportedModel;
  /** Reads a log to calibrate with; `readNcclTests` of src/interop. */
  importLog(text: string): MeasuredLog;
  /** Reads a topology; `readNcclTopology` of src/interop. */
  importTopology(text: string): TopologyFile;
  /** Reads a table of measured products; `readGemmTable` of src/interop. */
  importGemmTable(text: string): GemmTableFile;
  /** In place of the engine's own, for tests. */
  estimate?: (spec: PlanSpec) => EstimateResult;
  measure?: Measure;
}

export type Analyse = (document: LangiumDocument) => Report;

/** Estimates that are remembered: enough for the plans of a few open files and their variations. */
const REMEMBERED = 300;

/**
 * The analysis, bound to its services. Its results are kept per build of a document (and of everything it rests on); last
 * good versions and estimates are kept for as long as the function itself.
 */
export function createAnalyser(services: ShardplanServices, options: AnalyserOptions): Analyse {
  const history = new History();
  const interner = new Interner();
  const pricing: Pricing = {
    estimate: remembered(options.estimate ?? estimatePlan),
    measure: options.measure ?? measure,
  };
  const { LangiumDocuments, Files } = services.shared.workspace;
  const models = once<ImportedModel>();
  const logs = once<MeasuredLog>();
  const topologies = once<TopologyFile>();
  const gemms = once<GemmTableFile>();
  const lowerings: LoweringServices = {
    history,
    interner,
    file: (document, path) => Files.cached(resolvePath(document.uri, path)),
    importModel: (text, name) => models(`${name}\n${text}`, () => options.importModel(text, name)),
    importLog: text => logs(text, () => options.importLog(text)),
    importTopology: text => topologies(text, () => options.importTopology(text)),
    importGemmTable: text => gemms(text, () => options.importGemmTable(text)),
    records: document => LangiumDocuments.getDocument(document.uri) === document,
    visible: document => [document.uri.toString(), ...importsOf(document).map(({ uri }) => uri.toString())],
  };
  const analyse = (document: LangiumDocument): Report => build(document, services, lowerings, pricing);
  return document => perBuild(document, analyse, () => analyse(document));
}

/** What was read from foreign files, by their text. */
function once<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size > 50) known.clear();
      value = make();
      known.set(key, value);
    }
    return value;
  };
}

function remembered(estimate: (spec: PlanSpec) => EstimateResult): (spec: PlanSpec) => EstimateResult {
  const results = new Map<string, EstimateResult>();
  return spec => {
    const key = JSON.stringify(spec);
    let result = results.get(key);
    if (!result) {
      if (results.size > REMEMBERED) results.delete(results.keys().next().value!);
      result = estimate(spec);
      results.set(key, result);
    }
    return result;
  };
}

function build(
  document: LangiumDocument,
  services: ShardplanServices,
  lowerings: LoweringServices,
  pricing: Pricing,
): Report {
  const root = document.parseResult.value as Document;
  const decls = root.decls ?? [];
  const findings = new Findings();
  const lowering = new Lowering(lowerings);
  const start = {
    uri: document.uri.toString(),
    start: { line: 0, character: 0 },
    end: { line: 0, character: 0 },
  };
  findings.list.push(
    ...(guarded('syntax and names', start, findings, () => documentFindings(document, services)) ?? []),
  );
  const plans: Report['plans'] = [];
  for (const node of inSequence(decls)) {
    guarded(`${node.$type.toLowerCase()} ${node.name}`, rangeOf(node), findings, () => {
      if (node.$type === 'Plan') plans.push(planReport(node, lowering, pricing, findings));
      else lowerDeclaration(node, lowering, findings);
    });
  }
  if (!damageOf(document).any && lowerings.records(document)) forget(document, decls, lowerings.history);
  return { plans, findings: settled(findings.list, start.uri) };
}

/** Values first, so that what is wrong with one is said where it stands and not where it is used; plans last. */
function inSequence(decls: readonly Declaration[]): Declaration[] {
  const rank = (d: Declaration) => (d.$type === 'Let' ? 0 : d.$type === 'Plan' ? 2 : 1);
  return decls.filter(d => d.name).sort((a, b) => rank(a) - rank(b));
}

function lowerDeclaration(
  node: Exclude<Declaration, { $type: 'Plan' }>,
  lowering: Lowering,
  findings: Findings,
): void {
  switch (node.$type) {
    case 'Let':
      findings.list.push(...lowering.let(node).list);
      return;
    case 'Chip':
      findings.list.push(...lowering.chip(node).findings.list);
      return;
    case 'Fabric':
      findings.list.push(...lowering.fabric(node).findings.list);
      return;
    case 'Model':
      findings.list.push(...lowering.model(node).findings.list);
      return;
    case 'Mesh': {
      const { spec, fabric, findings: own, stale } = lowering.mesh(node);
      findings.list.push(...own.list);
      if (spec && fabric?.spec && !stale) checkMesh({ node, spec, fabric: fabric.spec, findings });
    }
  }
}

function forget(document: LangiumDocument, decls: readonly Declaration[], history: History): void {
  const names = new Set(
    decls.flatMap(d => [`${d.$type} ${d.name}`, ...(d.$type === 'Mesh' ? [`Fabric of ${d.name}`] : [])]),
  );
  history.keepOnly(document.uri.toString(), names);
}

/** Findings of this document alone, each said once, in the sequence of the text. */
function settled(list: readonly Finding[], uri: string): Finding[] {
  const seen = new Set<string>();
  const refused = new Set(list.filter(f => f.code === 'estimate-refused').map(f => f.range.start.line));
  return list
    .filter(finding => {
      // The refusal on the same line says it already.
      if (finding.code === 'not-priced' && refused.has(finding.range.start.line)) return false;
      const { start } = finding.range;
      const key = `${finding.code} ${start.line}:${start.character} ${finding.message}`;
      if (finding.range.uri !== uri || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    );
}
