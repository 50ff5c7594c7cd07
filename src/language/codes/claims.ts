/** `assert` and `expect`. */
import type { CodeSpec } from '../codes.ts';

export const CLAIM_CODES = {
  'assert-failed': {
    title: 'An assert that does not hold',
    severity: 'error',
    meaning: 'The estimate contradicts the claim; the command line answers with exit status 1.',
    fix: 'Change the plan until it holds, or the claim.',
    wrong: { in: 'plan', text: 'batch.global: 64  assert step_time < 1us' },
    right: { in: 'plan', text: 'batch.global: 64  assert step_time < 1h' },
  },
  'expect-failed': {
    title: 'An expectation that does not hold',
    severity: 'warning',
    meaning: 'The estimate contradicts it; the exit status stays as it is.',
    fix: 'Change the plan until it holds, or the expectation.',
    wrong: { in: 'plan', text: 'batch.global: 64  expect step_time < 1us' },
    right: { in: 'plan', text: 'batch.global: 64  expect step_time < 1h' },
  },
  'claim-unpriced': {
    title: 'A claim that cannot be judged yet',
    severity: 'warning',
    meaning:
      'The plan has no estimate, or the metric is not modelled yet. Neither holds nor fails; the exit status stays as it is.',
    fix: 'Nothing is wrong with the claim.',
    wrong: { in: 'plan', text: 'batch.global: 64  assert energy < 10kJ' },
    right: { in: 'plan', text: 'batch.global: 64  assert step_time < 1h' },
  },
  'claim-type': {
    title: 'A claim that is no condition',
    severity: 'error',
    meaning: 'A claim must be true or false: a comparison, or a metric like `network_bound`.',
    fix: 'Compare it with something.',
    wrong: { in: 'plan', text: 'assert step_time' },
    right: { in: 'plan', text: 'assert step_time < 1h' },
  },
  'metric-unknown': {
    title: 'A metric that does not exist',
    severity: 'error',
    meaning: 'The reference lists all metrics with their definitions.',
    fix: 'Take the suggested one.',
    wrong: { in: 'plan', text: 'assert steptime < 1h' },
    right: { in: 'plan', text: 'assert step_time < 1h' },
  },
} satisfies Record<string, CodeSpec>;
