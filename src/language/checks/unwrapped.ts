/** `axis-unwrapped`: a ring of chips on a dimension of a torus that does not close, which makes it a line. */
import type { LevelSpec, Topology } from '../../engine/fabric/spec.ts';
import { placeMesh } from '../../engine/plan/placement.ts';
import type { AxisSpec } from '../../engine/plan/spec.ts';
import { formatShare, formatTime } from '../../engine/units/format.ts';
import { rangeOf } from '../analysis/source.ts';
import { axesOf, axisNode, here, type PlanCheck } from './context.ts';
import { extentWithin, levelSpans } from './extent.ts';

type Torus = Extract<Topology, { kind: 'torus' }>;

/** Names of dimensions in `on slice.x`. */
const NAMES = 'xyzw';

/** Share of the step from which the longer way is worth a warning. */
const WORTH = 0.01;

export function checkUnwrapped(check: PlanCheck): void {
  const { levels } = check.spec.fabric;
  const spans = levelSpans(check.spec.fabric);
  levels.forEach((level, index) => {
    const { topology } = level;
    // Cubes of an optical circuit switch are closed by it. Spare children leave gaps in the grid.
    if (topology.kind !== 'torus' || levels[index + 1]?.topology.kind === 'ocs' || level.spare > 0) return;
    for (const axis of axesOf(check, 'tp', 'etp', 'cp', 'sp', 'fsdp', 'dp', 'ep'))
      checkAxis(check, axis, level, topology, spans[index]!);
  });
}

function checkAxis(check: PlanCheck, axis: AxisSpec, level: LevelSpec, torus: Torus, child: number): void {
  const open = torus.dims.flatMap((size, d) =>
    !torus.wrap[d] && size > 2 && extentOn(check, axis, torus, d, child) > 2 ? [d] : [],
  );
  if (open.length === 0) return;
  const names = open.map(d => `${level.name}.${NAMES[d] ?? d + 1}`);
  const whole = open.length === 1 && extentOn(check, axis, torus, open[0]!, child) === axis.size;
  const slower = whole
    ? 'takes twice as long as on a ring'
    : 'takes up to twice as long as with all ends closed';
  const node = axisNode(check, axis.name);
  const cost = costOf(check, axis);
  check.findings.add(
    'axis-unwrapped',
    here(check, node && rangeOf(node)),
    `'${axis.name}' lies on ${names.join(' and ')}, which ${open.length > 1 ? 'do' : 'does'} not close: its ends have one link, so a collective over it ${slower}.${cost?.text ?? ''}`,
    // Where nothing waits for it, it is worth knowing, but no mistake.
    { ...(cost && cost.share < WORTH && { severity: 'info' as const }) },
  );
}

/** Positions of one group along a dimension. */
function extentOn(check: PlanCheck, axis: AxisSpec, { dims }: Torus, d: number, child: number): number {
  const from = dims.slice(0, d).reduce((a, b) => a * b, child);
  const digits = placeMesh(check.spec.mesh, check.spec.fabric).placement.digits.get(axis.name) ?? [];
  return extentWithin(digits, from, from * dims[d]!);
}

/** Undefined without an estimate, or where nothing travels. */
function costOf({ estimate }: PlanCheck, axis: AxisSpec): { text: string; share: number } | undefined {
  const own = estimate?.collectives.filter(c => c.axis.split('*').includes(axis.name)) ?? [];
  const total = own.reduce((sum, c) => sum + c.total, 0);
  const exposed = own.reduce((sum, c) => sum + c.exposed, 0);
  if (!estimate || total === 0) return undefined;
  const share = exposed / estimate.step.time;
  return {
    text: ` They take ${formatTime(total)} a step, ${formatTime(exposed)} (${formatShare(share)} of it) exposed.`,
    share,
  };
}
