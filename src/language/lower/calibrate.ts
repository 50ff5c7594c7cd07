/** `calibrate: "nccl-tests.log"` of a level: the file, read and fitted. */
import { calibrate, type Measurement } from '../../engine/fabric/calibration.ts';
import type { Calibration, FabricSpec } from '../../engine/fabric/spec.ts';
import { formatShare } from '../../engine/units/index.ts';
import { rangeOf } from '../analysis/source.ts';
import type { FileContent } from '../files.ts';
import type { Env } from '../values/value.ts';
import { whyUnread } from './foreign.ts';
import type { TopologyFile } from './graph-file.ts';
import { type Entries, numberAt } from './properties.ts';

/** What reading a log gives; `readNcclTests` of src/interop. */
export interface MeasuredLog {
  rows: readonly (Omit<Measurement, 'time'> & { timeSeconds: number })[];
  problems: readonly { severity: 'error' | 'warning'; message: string }[];
}

/** The text of a mentioned file as far as it has been read, and readers for it. */
export interface Logs {
  file(path: string): FileContent | undefined;
  importTopology(text: string): TopologyFile;
  /** The same object for the same text, so that fits are kept with it. */
  importLog(text: string): MeasuredLog;
}

/** A fit that misses the median point by more than this is not worth its name. */
const POOR = 0.2;

/** @param fabric levels up to this one, as they are without the log; @returns undefined after a finding, or without the key */
export function calibrationOf(
  entries: Entries,
  fabric: FabricSpec,
  logs: Logs,
  env: Env,
): (Calibration & { file: string }) | undefined {
  const entry = entries.get('calibrate');
  const path = entry?.value;
  if (!entry || typeof path !== 'string') return undefined;
  const range = rangeOf(entry.property.value ?? entry.property);
  if (entries.has('efficiency')) {
    env.findings.add(
      'level-calibrate-unused',
      range,
      "'efficiency' is stated and counts: the log does not set it. Remove one of the two.",
      { related: [{ message: 'Stated here.', range: rangeOf(entries.get('efficiency')!.property) }] },
    );
  }
  const fail = (message: string): undefined => {
    env.findings.add('level-calibrate', range, message);
    return undefined;
  };
  const content = logs.file(path);
  if (content?.text === undefined) return fail(whyUnread(path, content));
  const log = logs.importLog(content.text);
  for (const { severity, message } of log.problems)
    env.findings.add('level-calibrate', range, `${path}: ${message}.`, { severity });
  if (log.rows.length === 0) return undefined;
  const fit = fitted(log, fabric, numberAt(entries, 'latency') !== undefined);
  if (!fit.ok) return fail(`The log ${path} does not calibrate this level: ${fit.message}.`);
  const { medianError } = fit.calibration;
  if (medianError > POOR) {
    const message = `${path}: half of the times are more than ${formatShare(medianError)} off the fit. Does the level describe the machine that was measured?`;
    env.findings.add('level-calibrate', range, message, { severity: 'warning' });
  }
  return { ...fit.calibration, file: path };
}

const fits = new WeakMap<MeasuredLog, Map<string, ReturnType<typeof calibrate>>>();

/** Once for a log and what the levels say, not once per keystroke. */
function fitted(log: MeasuredLog, fabric: FabricSpec, keepLatency: boolean): ReturnType<typeof calibrate> {
  let known = fits.get(log);
  if (!known || known.size > 20) {
    known = new Map();
    fits.set(log, known);
  }
  const { inSwitch } = fabric.chip.efficiency;
  const key = JSON.stringify([fabric.levels, inSwitch, keepLatency]);
  let fit = known.get(key);
  if (!fit) {
    const measured = log.rows.map(({ timeSeconds, ...row }) => ({ ...row, time: timeSeconds }));
    const options = { keepLatency, ...(inSwitch !== undefined && { inSwitchRate: inSwitch }) };
    fit = calibrate(fabric, measured, options);
    known.set(key, fit);
  }
  return fit;
}
