/** `group-few-links`: a group of a few children of a full mesh owns only the links between them. */
import { placeMesh } from '../../engine/plan/placement.ts';
import { formatShare, formatTime } from '../../engine/units/format.ts';
import { rangeOf } from '../analysis/source.ts';
import { axesOf, axisNode, here, type PlanCheck } from './context.ts';
import { extentWithin, levelSpans } from './extent.ts';

/** Below this share of the step, links that could work and do not are not worth a warning. */
const WORTH = 0.01;

export function checkFewLinks(check: PlanCheck): void {
  const { estimate, spec } = check;
  if (!estimate) return;
  const spans = levelSpans(spec.fabric);
  const { digits } = placeMesh(spec.mesh, spec.fabric).placement;
  spec.fabric.levels.forEach((level, index) => {
    if (level.topology.kind !== 'fully_connected') return;
    for (const axis of axesOf(check, 'tp', 'etp', 'cp', 'sp', 'fsdp', 'dp', 'ep')) {
      const members = extentWithin(digits.get(axis.name) ?? [], spans[index]!, spans[index + 1]!);
      // Groups that reach further are set by the levels above.
      if (members < 2 || members >= level.count - 1 || members !== axis.size) continue;
      const slow = estimate.collectives.filter(
        c => c.axis === axis.name && c.price.bottleneck.level === level.name,
      );
      const total = slow.reduce((sum, c) => sum + c.total, 0);
      const exposed = slow.reduce((sum, c) => sum + c.exposed, 0);
      if (exposed < WORTH * estimate.step.time) continue;
      const child = index === 0 ? 'chips' : `${spec.fabric.levels[index - 1]!.name}s`;
      const node = axisNode(check, axis.name);
      check.findings.add(
        'group-few-links',
        here(check, node && rangeOf(node)),
        `'${axis.name}' joins ${members} of the ${level.count} ${child} of a ${level.name}, a full mesh: its groups use ${members - 1} of the ${level.count - 1} links of each. ${formatTime(total)} a step go over them, ${formatTime(exposed)} (${formatShare(exposed / estimate.step.time)}) exposed; with ${axis.name} ${level.count} all links would work.`,
      );
    }
  });
}
