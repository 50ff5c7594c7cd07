/**
 * What the panel and its host say to each other. One version, one file, both sides check what arrives: a message that does
 * not fit is dropped.
 *
 * The host says that something changed, the panel pulls what it shows by hash, the host answers with a model.
 */
import type { PanelTimeline } from '../layout/model/timeline-types.ts';
import type { PanelModel, Source } from '../layout/model/types.ts';

export type { PanelTimeline } from '../layout/model/timeline-types.ts';
export type {
  EmptyModel,
  MemoryStage,
  PanelAxis,
  PanelClaim,
  PanelCollective,
  PanelLevel,
  PanelLink,
  PanelMemory,
  PanelModel,
  PanelTopology,
  PanelVerdict,
  PlanModel,
  Source,
  StepPart,
} from '../layout/model/types.ts';

/** Raised by every change that an older side would misread. */
export const PROTOCOL_VERSION = 1;

export type ViewName = 'placement' | 'timeline' | 'memory' | 'collectives';
export const VIEWS: readonly ViewName[] = ['placement', 'timeline', 'memory', 'collectives'];

/** What the cursor stands on: named by the host, or left to the panel, which knows the source of all it shows. */
export type SelectTarget =
  | { kind: 'axis'; name: string }
  | { kind: 'collective'; name: string; axis?: string }
  | { kind: 'level'; name: string }
  | { kind: 'cursor'; uri: string; line: number; character: number };

export type HostMessage =
  /** There are new numbers; `version` is that of the protocol. */
  | { type: 'changed'; hash: string; version: number }
  | { type: 'model'; hash: string; model: PanelModel }
  /** The step that was asked for, of the model with this hash; null where it is not played. */
  | { type: 'timeline'; hash: string; timeline: PanelTimeline | null }
  | { type: 'select'; target: SelectTarget };

export type PanelMessage =
  | { type: 'ready'; version: number }
  /** Asks for the model; the host may answer with a newer one. `plan`: another plan than the active one. */
  | { type: 'pull'; view: ViewName; hash: string; plan?: string }
  /** Asks for the played step of the model that the panel has; an answer to an older question may stay out. */
  | { type: 'play'; hash: string }
  | { type: 'reveal'; uri: string; range: Omit<Source, 'uri'> }
  /** The pointer rests on something that a line causes; without `source` it rests on nothing. */
  | { type: 'hover'; source?: Source }
  /** `data`: SVG text, or base64 of a PNG; `name` proposes a file name without a folder. */
  | { type: 'export'; kind: 'svg' | 'png'; name: string; data: string }
  | { type: 'insertExample'; text: string };

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isList = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);

const isPosition = (value: unknown): boolean =>
  isObject(value) && isIndex(value.line) && isIndex(value.character);
const isRange = (value: unknown): boolean =>
  isObject(value) && isPosition(value.start) && isPosition(value.end);
const isSource = (value: unknown): value is Source => isObject(value) && isText(value.uri) && isRange(value);

function isTarget(value: unknown): value is SelectTarget {
  if (!isObject(value)) return false;
  if (value.kind === 'cursor') return isText(value.uri) && isPosition(value);
  if (value.kind === 'collective' && !(value.axis === undefined || isText(value.axis))) return false;
  return (
    (value.kind === 'axis' || value.kind === 'collective' || value.kind === 'level') && isText(value.name)
  );
}

const isAxis = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.name) &&
  isIndex(value.size) &&
  isList(value.digits, digit => isObject(digit) && isIndex(digit.stride) && isIndex(digit.size));

const isLevel = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.name) &&
  isIndex(value.count) &&
  isIndex(value.span) &&
  isObject(value.topology);

const isLink = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.name) &&
  isIndex(value.level) &&
  isIndex(value.span) &&
  isObject(value.step);

const isCollective = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.name) &&
  isList(value.axes, isText) &&
  isList(value.loads, load => isObject(load) && isIndex(load.link));

const isStale = (value: unknown): boolean =>
  value === undefined || (isObject(value) && isText(value.reason) && isSource(value.source));

/** Checks the shape that the panel walks over; leaves are formatted, never trusted. */
export function isPanelModel(value: unknown): value is PanelModel {
  if (!isObject(value) || !isText(value.uri)) return false;
  if (value.kind === 'empty') return isText(value.snippet) && isStale(value.stale);
  return (
    value.kind === 'plan' &&
    isText(value.plan) &&
    isIndex(value.ranks) &&
    isSource(value.source) &&
    isList(value.plans, isText) &&
    isList(value.axes, isAxis) &&
    isList(value.levels, isLevel) &&
    isList(value.links, isLink) &&
    isList(value.collectives, isCollective) &&
    isList(value.claims, claim => isObject(claim) && isText(claim.text) && isSource(claim.source)) &&
    isList(value.refusals, refusal => isObject(refusal) && isText(refusal.message)) &&
    (value.verdict === undefined || (isObject(value.verdict) && Array.isArray(value.verdict.parts))) &&
    (value.memory === undefined || (isObject(value.memory) && Array.isArray(value.memory.stages))) &&
    isStale(value.stale)
  );
}

/** Columns of one length each: numbers that belong together stand at the same index. */
export function isTimeline(value: unknown): value is PanelTimeline {
  if (!isObject(value)) return false;
  const { stages, chunks, first, op, inner, critical } = value as unknown as PanelTimeline;
  const column = (numbers: unknown, length?: number): boolean =>
    isList(numbers, Number.isFinite) &&
    (length ?? (numbers as number[]).length) === (numbers as number[]).length;
  const slots = isList(
    inner,
    entry =>
      isObject(entry) &&
      isText(entry.axis) &&
      column(entry.forward, stages * chunks) &&
      column(entry.backward, stages * chunks),
  );
  return (
    slots &&
    column(first, stages + 1) &&
    column(op, first[stages]) &&
    ['gap', 'length', 'send'].every(name => column(value[name], op.length)) &&
    ['computed', 'finished'].every(name => column(value[name], stages)) &&
    ['pairs', 'waits', 'transfers'].every(name => column(value[name])) &&
    isList(critical, block => isIndex(block) && (block as number) < op.length)
  );
}

/** @returns the message when `value` is one of the host's, else undefined. */
export function hostMessage(value: unknown): HostMessage | undefined {
  if (!isObject(value)) return undefined;
  switch (value.type) {
    case 'changed':
      return isText(value.hash) && value.version === PROTOCOL_VERSION ? (value as HostMessage) : undefined;
    case 'model':
      return isText(value.hash) && isPanelModel(value.model) ? (value as HostMessage) : undefined;
    case 'timeline':
      return isText(value.hash) && (value.timeline === null || isTimeline(value.timeline))
        ? (value as HostMessage)
        : undefined;
    case 'select':
      return isTarget(value.target) ? (value as HostMessage) : undefined;
    default:
      return undefined;
  }
}

/** @returns the message when `value` is one of the panel's, else undefined. */
export function panelMessage(value: unknown): PanelMessage | undefined {
  if (!isObject(value)) return undefined;
  const fits = (() => {
    switch (value.type) {
      case 'ready':
        return value.version === PROTOCOL_VERSION;
      case 'pull':
        return (
          VIEWS.includes(value.view as ViewName) &&
          isText(value.hash) &&
          (value.plan === undefined || isText(value.plan))
        );
      case 'play':
        return isText(value.hash);
      case 'reveal':
        return isText(value.uri) && isRange(value.range);
      case 'hover':
        return value.source === undefined || isSource(value.source);
      case 'export':
        return (
          (value.kind === 'svg' || value.kind === 'png') &&
          isText(value.data) &&
          isText(value.name) &&
          /^[\w.-]+$/.test(value.name)
        );
      case 'insertExample':
        return isText(value.text);
      default:
        return false;
    }
  })();
  return fits ? (value as PanelMessage) : undefined;
}
