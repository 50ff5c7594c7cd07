/**
 * Lowers declarations on demand, each once in a run. While a declaration is damaged, or a value in it is not understood,
 * its last good version serves, and everything that rests on it says so.
 */
import { AstUtils, type LangiumDocument, type Reference } from 'langium';
import type { ChipSpec, FabricSpec } from '../../engine/fabric/spec.ts';
import type { ModelSpec } from '../../engine/model/spec.ts';
import type { MeshSpec } from '../../engine/plan/spec.ts';
import type { Finding } from '../analysis/report.ts';
import { uriOf } from '../analysis/source.ts';
import { Findings } from '../checks/findings.ts';
import { SYNTAX_CODES } from '../codes/syntax.ts';
import { TOPOLOGY_CODES } from '../codes/topology.ts';
import { VALUE_CODES } from '../codes/values.ts';
import type { FileContent } from '../files.ts';
import type { Chip, Declaration, Fabric, Let, Mesh, Model, Plan } from '../generated/ast.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Env, Value } from '../values/value.ts';
import type { MeasuredLog } from './calibrate.ts';
import { lowerChip } from './chip.ts';
import { damageOf } from './damage.ts';
import { lowerFabric } from './fabric.ts';
import type { GemmTableFile } from './gemm-table.ts';
import type { TopologyFile } from './graph-file.ts';
import type { History, Interner } from './history.ts';
import { lineage, meshReference, modelReference } from './inherit.ts';
import type { Lowered, PlacedRefusal } from './lowered.ts';
import { lowerMesh } from './mesh.ts';
import type { ImportedModel } from './model.ts';
import { lowerModel } from './model.ts';
import { type LoweredPlan, lowerPlan } from './plan.ts';

export interface LoweringServices {
  history: History;
  interner: Interner;
  /** The text of a file that a document mentions; relative paths are resolved against the document. */
  file(document: LangiumDocument, path: string): FileContent | undefined;
  importModel(text: string, name: string): ImportedModel;
  /** The same object for the same text. */
  importLog(text: string): MeasuredLog;
  importTopology(text: string): TopologyFile;
  /** The same object for the same text. */
  importGemmTable(text: string): GemmTableFile;
  /** Whether a document is the one that people see; a what-if leaves no trace. */
  records(document: LangiumDocument): boolean;
  /** URIs of the documents whose names a document sees, its own first. */
  visible(document: LangiumDocument): string[];
}

export interface ModelInfo {
  spec: ModelSpec;
  /** Longest sequence, where the model states it. */
  longest?: number;
}

type Compute<T> = (env: Env, refusals: PlacedRefusal[]) => T | undefined;

/** Findings that say a value is not understood: then an older version of the declaration is better than a default. */
const UNREADABLE = new Set<string>([VALUE_CODES, SYNTAX_CODES, TOPOLOGY_CODES].flatMap(Object.keys));
/** Findings that something is missing: in a damaged declaration the parser may have lost it. */
const ABSENCE = new Set([
  'key-missing',
  'mesh-order',
  'mesh-product',
  'fabric-empty',
  'fabric-top',
  'fabric-cycle',
  'topology-disconnected',
  'plan-incomplete',
  'schedule-layers',
  'name-unknown',
  'axis-derived',
  'argument',
]);

export class Lowering {
  private readonly done = new Map<Declaration, Lowered<unknown>>();
  private readonly lets = new Map<Let, Value | undefined>();

  constructor(private readonly services: LoweringServices) {}

  chip(node: Chip): Lowered<ChipSpec> {
    const tables = {
      file: (path: string) => this.services.file(AstUtils.getDocument(node), path),
      importGemmTable: (text: string) => this.services.importGemmTable(text),
    };
    return this.settle(node, env => lowerChip(node, tables, env));
  }

  model(node: Model): Lowered<ModelInfo> {
    return this.settle(node, env => {
      let longest: number | undefined;
      const spec = lowerModel(node, {
        env,
        file: path => this.services.file(AstUtils.getDocument(node), path),
        importModel: (text, name) => this.services.importModel(text, name),
        sequence: tokens => {
          longest = tokens;
        },
      });
      return spec && { spec, ...(longest !== undefined && { longest }) };
    });
  }

  fabric(node: Fabric): Lowered<FabricSpec> {
    const uses: Lowered<unknown>[] = [];
    return this.settle(
      node,
      (env, refusals) =>
        lowerFabric(node, {
          env,
          refusals,
          chip: chip => {
            const lowered = this.chip(chip);
            uses.push(lowered);
            return lowered.spec;
          },
          lostChip: name => {
            const lost = this.lost<ChipSpec>(node, 'Chip', name);
            if (lost) uses.push(lost);
            return lost?.spec;
          },
          logs: {
            file: path => this.services.file(AstUtils.getDocument(node), path),
            importLog: text => this.services.importLog(text),
            importTopology: text => this.services.importTopology(text),
          },
        }),
      uses,
    );
  }

  mesh(node: Mesh): Lowered<MeshSpec> & { fabric?: Lowered<FabricSpec> } {
    const fabric = this.follow(node, node.fabric, 'Fabric', target => this.fabric(target));
    const lowered = this.settle(node, env => lowerMesh(node, fabric?.spec, env), fabric ? [fabric] : []);
    return { ...lowered, ...(fabric && { fabric }) };
  }

  plan(node: Plan): Lowered<LoweredPlan> & { parts: PlanParts } {
    const parts = this.partsOf(node);
    const { mesh, model, fabric } = parts;
    const uses = [mesh, model, fabric].filter(part => part !== undefined);
    const lowered = this.settle(
      node,
      (env, refusals) => {
        if (!mesh?.spec || !model?.spec || !fabric?.spec) return undefined;
        const { spec, longest } = model.spec;
        const input = {
          line: parts.line,
          fabric: fabric.spec,
          model: spec,
          longest,
          mesh: mesh.spec,
          env,
          refusals,
        };
        return lowerPlan(input);
      },
      uses,
    );
    // An older version of the plan still rests on the fabric, model and mesh of now.
    const spec = lowered.spec;
    const current =
      spec && mesh?.spec && model?.spec && fabric?.spec
        ? { ...spec, spec: { ...spec.spec, mesh: mesh.spec, model: model.spec.spec, fabric: fabric.spec } }
        : spec;
    return { ...lowered, ...(current && { spec: current }), parts };
  }

  private partsOf(node: Plan): PlanParts {
    const line = lineage(node);
    const mesh = this.follow(node, meshReference(line), 'Mesh', target => this.mesh(target));
    const model = this.follow(node, modelReference(line), 'Model', target => this.model(target));
    const meshNode = meshReference(line)?.ref;
    const fabric = meshNode
      ? this.follow(meshNode, meshNode.fabric, 'Fabric', target => this.fabric(target))
      : mesh && this.lost<FabricSpec>(node, 'Fabric of', meshReference(line)!.$refText);
    if (meshNode && fabric?.spec && this.services.records(AstUtils.getDocument(meshNode))) {
      this.services.history.set(uriOf(meshNode), 'Fabric of', meshNode.name, fabric.spec);
    }
    return { line, mesh, model, fabric, meshNode, fabricNode: meshNode?.fabric?.ref };
  }

  /** What a `let` is worth, and what is wrong with it. */
  let(node: Let): Findings {
    const env = this.env();
    if (!this.lets.has(node)) {
      env.open = new Set([node]);
      this.lets.set(node, evaluate(node.value, env));
    }
    return env.findings;
  }

  private env(): Env {
    return { findings: new Findings(), lets: this.lets };
  }

  private settle<T>(
    node: Declaration & { name: string },
    compute: Compute<T>,
    uses: readonly Lowered<unknown>[] = [],
  ): Lowered<T> {
    const known = this.done.get(node);
    if (known) return known as Lowered<T>;
    const env = this.env();
    const refusals: PlacedRefusal[] = [];
    const document = AstUtils.getDocument(node);
    const damage = damageOf(document).of(node);
    const fresh = compute(env, refusals);
    const error = env.findings.list.find(f => f.severity === 'error' && UNREADABLE.has(f.code));
    const { history, interner } = this.services;
    const uri = uriOf(node);
    const findings = damage ? withoutAbsence(env.findings) : env.findings;
    const result: Lowered<T> = { findings, refusals };
    if (!damage && !error) {
      if (fresh !== undefined) {
        result.spec = node.$type === 'Plan' ? fresh : (interner.intern(fresh as object) as T);
        if (!uses.some(u => u.stale) && this.services.records(document))
          history.set(uri, node.$type, node.name, result.spec);
      }
    } else {
      const good = history.get<T>(uri, node.$type, node.name);
      result.spec = good ?? fresh;
      result.stale = damage ?? { reason: reasonOf(error!), range: error!.range };
    }
    for (const use of uses) {
      result.stale ??= use.stale;
      refusals.push(...use.refusals.filter(r => !refusals.includes(r)));
    }
    this.done.set(node, result);
    return result;
  }

  /** The declaration that a name leads to, or its last good version if a syntax error has swallowed it. */
  private follow<N extends Declaration & { name: string }, T>(
    from: Declaration,
    reference: Reference<N> | undefined,
    kind: N['$type'],
    lower: (node: N) => Lowered<T>,
  ): Lowered<T> | undefined {
    if (!reference) return undefined;
    const target = reference.ref;
    return target ? lower(target) : this.lost<T>(from, kind, reference.$refText);
  }

  private lost<T>(from: Declaration, kind: string, name: string): Lowered<T> | undefined {
    const document = AstUtils.getDocument(from);
    const damage = damageOf(document).any;
    for (const uri of damage ? this.services.visible(document) : []) {
      const spec = this.services.history.get<T>(uri, kind, name);
      if (spec !== undefined) return { spec, findings: new Findings(), refusals: [], stale: damage };
    }
    return undefined;
  }
}

export interface PlanParts {
  /** The plan first, then what it is like. */
  line: Plan[];
  mesh?: Lowered<MeshSpec>;
  model?: Lowered<ModelInfo>;
  fabric?: Lowered<FabricSpec>;
  meshNode?: Mesh;
  fabricNode?: Fabric;
}

function withoutAbsence(findings: Findings): Findings {
  const kept = new Findings();
  for (const f of findings.list) if (!ABSENCE.has(f.code)) kept.list.push(f);
  return kept;
}

const reasonOf = (finding: Finding): string => `line ${finding.range.start.line + 1}: ${finding.message}`;
