/** When new circuits of an optical switch pay for the time that setting them takes. */
import { savedBytesToPayBack, stepsToPayBack } from '../../engine/fabric/reconfigure.ts';
import { formatBytesDecimal, formatCount, formatRate, formatTime } from '../../engine/units/index.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { isFabric, isLevel, type Property } from '../../language/generated/ast.ts';
import type { View } from '../view.ts';
import { keyText } from './words.ts';

/** Of the key `reconfigure`, where a plan uses the fabric; undefined for other keys. */
export function payBackWords(property: Property, { report }: View): string | undefined {
  const level = property.$container;
  if (!isLevel(level) || !isFabric(level.$container) || keyText(property.key) !== 'reconfigure')
    return undefined;
  const fabric = level.$container.name;
  const here = report.plans.filter(plan => plan.spec?.fabric.name === fabric);
  const spec = here.flatMap(plan => plan.spec?.fabric.levels ?? []).find(each => each.name === level.name);
  if (spec?.reconfigure === undefined) return undefined;
  const { reconfigure, link } = spec;
  const others = here.flatMap(plan => report.plans.flatMap(other => against(plan, other, reconfigure)));
  return [
    ...(link === undefined
      ? []
      : [
          `Meanwhile a link of ${formatRate(link)} carries nothing: new circuits must spare it **${formatBytesDecimal(savedBytesToPayBack(reconfigure, link))}** before they pay.`,
        ]),
    ...others,
  ].join('\n\n');
}

/** What a plan saves against another of the same model on as many chips of another fabric. */
function against(plan: PlanReport, other: PlanReport, reconfigure: number): string[] {
  const [mine, theirs] = [plan.estimate, other.estimate];
  if (!mine || !theirs || mine.fabric === theirs.fabric) return [];
  if (mine.model !== theirs.model || mine.chips !== theirs.chips) return [];
  const steps = stepsToPayBack(reconfigure, theirs.step.time, mine.step.time);
  if (steps === undefined) return [];
  const saved = formatTime(theirs.step.time - mine.step.time);
  return [
    `\`${plan.plan}\` saves ${saved} a step against \`${other.plan}\`: setting its circuits is back after **${formatCount(steps)}** ${steps === 1 ? 'step' : 'steps'}.`,
  ];
}
