/** From one plan's report to what the panel shows. Pure; costs grow with levels, axes and collectives. */
import type { Cause, CollectiveEstimate, Estimate } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { axisDigits, rankCount } from './axes.ts';
import { drawnFabric, fabricLevels, levelIndex, linkClasses, linkIndex } from './fabric.ts';
import { panelMemory } from './memory.ts';
import type {
  EmptyModel,
  PanelAxis,
  PanelCollective,
  PanelLevel,
  PanelLink,
  PlanModel,
  Source,
} from './types.ts';
import { panelVerdict } from './verdict.ts';

type Locate = (causes: Cause[]) => Source | undefined;

/** The shortest file that works: two imports, a mesh, an empty plan. */
export const STARTER = `import "std/fabrics"
import "std/models"
mesh m on dgx_h100 { tp: 8 }
plan p of llama3_8b on m {}
`;

/** @param stale set while the text has syntax errors, which may have swallowed its plan. */
export const emptyModel = (uri: string, stale?: PlanReport['stale']): EmptyModel => ({
  kind: 'empty',
  uri,
  snippet: STARTER,
  ...(stale ? { stale: { reason: stale.reason, source: plainSource(stale.range) } } : {}),
});

/**
 * @param report one plan, priced or refused.
 * @param document its text's address and the names of all plans in it.
 */
export function buildPanelModel(report: PlanReport, document: { uri: string; plans: string[] }): PlanModel {
  const { spec, estimate } = report;
  const locate: Locate = causes => {
    const found = report.locate(causes);
    return found ? plainSource(found) : undefined;
  };
  const fabric = spec && drawnFabric(spec.fabric, estimate);
  const levels = fabric ? fabricLevels(fabric, spec.fabric.variants ?? [], estimate, locate) : [];
  const links = fabric ? linkClasses(fabric, levels, estimate) : [];
  const model: PlanModel = {
    kind: 'plan',
    uri: document.uri,
    plan: report.plan,
    plans: document.plans,
    source: plainSource(report.nameRange),
    ranks: spec ? rankCount(spec.mesh) : 0,
    axes: spec ? panelAxes(spec, locate) : [],
    levels,
    links,
    collectives: estimate ? panelCollectives(estimate, levels, links, locate) : [],
    claims: report.claims.map(({ severity, text, holds, actual, range }) => ({
      severity,
      text,
      ...(holds === undefined ? {} : { holds }),
      actual,
      source: plainSource(range),
    })),
    refusals: report.refusals.map(({ message, cause }) => ({ message, ...withSource(locate([cause])) })),
  };
  if (spec) {
    const { fabric, mesh, model: network } = spec;
    model.names = { fabric: fabric.name, mesh: mesh.name, model: network.name, chip: fabric.chip.name };
  }
  if (estimate) {
    model.verdict = panelVerdict(estimate, model.axes, locate);
    model.memory = panelMemory(estimate, model.claims);
  }
  if (report.stale) model.stale = { reason: report.stale.reason, source: plainSource(report.stale.range) };
  return model;
}

function panelAxes(spec: PlanSpec, locate: Locate): PanelAxis[] {
  const digits = axisDigits(spec.mesh, spec.fabric);
  return spec.mesh.axes.map(({ name, role, size }) => ({
    name,
    role,
    size,
    digits: digits.get(name) ?? [],
    ...withSource(locate([{ kind: 'axis', key: name }])),
  }));
}

function panelCollectives(
  estimate: Estimate,
  levels: PanelLevel[],
  links: PanelLink[],
  locate: Locate,
): PanelCollective[] {
  return estimate.collectives.map((collective: CollectiveEstimate) => {
    const { price } = collective;
    const loads = price.links.flatMap(use => {
      const link = linkIndex(levels, links, use);
      return link < 0 ? [] : [{ link, bytes: use.bytes, load: use.load, flows: use.flows }];
    });
    return {
      name: collective.name,
      what: collective.what,
      op: collective.op,
      axes: collective.axis.split('*'),
      owner: collective.owner,
      ranks: collective.ranks,
      bytes: collective.bytes,
      count: collective.count,
      phase: collective.phase,
      algorithm: price.algorithm,
      time: price.time,
      total: collective.total,
      exposed: collective.exposed,
      limit: price.limit,
      limitBy: price.limitBy,
      limitExact: price.limitExact,
      ...(price.protocol ? { protocol: price.protocol } : {}),
      ...(collective.hiddenUnder === undefined ? {} : { hiddenUnder: collective.hiddenUnder }),
      level: Math.max(-1, ...price.levels.map(name => levelIndex(levels, name))),
      bottleneck: linkIndex(levels, links, price.bottleneck),
      loads,
      ...withSource(locate(collective.causes)),
    };
  });
}

export const plainSource = ({ uri, start, end }: Source): Source => ({
  uri,
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

export const withSource = (source: Source | undefined): { source?: Source } => (source ? { source } : {});
