/** Completion, asked at `<|>`. */
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completions } from '../../src/server/completion.ts';
import { cursor, LLAMA, reportOf, viewFor } from './support.ts';

async function completeAt(marked: string, files?: Record<string, string>) {
  const { text, position } = cursor(marked);
  const view = await viewFor(text, { report: reportOf(LLAMA), ...(files ? { files } : {}) });
  const list = await completions(view, position, view.services.shared);
  const items = list?.items ?? [];
  return {
    labels: items.map(i => i.label),
    item: (label: string) => items.find(i => i.label === label),
    /** The text after choosing a proposal, `$0` and the like left out. */
    choose(label: string) {
      const item = items.find(i => i.label === label)!;
      const edits = [item.textEdit as { range: never; newText: string }, ...(item.additionalTextEdits ?? [])];
      return TextDocument.applyEdits(view.text, edits as never).replace(/\$\{?\d+(?::([^}]*)\})?/g, '$1');
    },
  };
}

/** The example with a line in place of one of its own. */
const withLine = (old: string, line: string) => LLAMA.replace(old, line);

describe('what is not priced yet', () => {
  test('a value says so before its sentence, and says it once', async () => {
    const { item } = await completeAt(withLine('dp.zero:     2', 'offload: <|>'));
    expect(item('activations')?.detail).toMatch(/^not priced yet · /);
    expect(item('none')?.detail).not.toContain('priced');
    expect(item('activations')?.documentation).toBeUndefined();
  });
});

describe('keys', () => {
  test('a plan offers its keys, axis options under the names of its axes, and nothing it states already', async () => {
    const { labels, item } = await completeAt(withLine('  dp.accumulate: local', '  <|>'));
    expect(labels).toEqual(
      expect.arrayContaining([
        'precision.compute',
        'dp.overlap',
        'tp.overlap',
        'pp.layers',
        'assert',
        'collective',
      ]),
    );
    expect(labels).not.toContain('batch.global');
    expect(labels).not.toContain('dp.zero');
    expect(labels).not.toContain('ep.dispatch');
    expect(item('precision.compute')?.documentation).toMatchObject({
      value: expect.stringContaining('Default: bf16'),
    });
  });

  test('behind a dot the whole key is replaced', async () => {
    const { choose } = await completeAt(withLine('  dp.accumulate: local', '  precision.<|>'));
    expect(choose('precision.compute')).toContain('\n  precision.compute: \n');
  });

  test('a level offers its own keys', async () => {
    const { labels } = await completeAt(withLine('    latency:   7us', '    <|>'));
    expect(labels).toEqual(expect.arrayContaining(['latency', 'media', 'efficiency']));
    expect(labels).not.toContain('bandwidth');
    expect(labels).not.toContain('batch.global');
  });

  test('the top offers whole declarations', async () => {
    const { labels } = await completeAt('<|>');
    expect(labels).toEqual(
      expect.arrayContaining(['import', 'plan', 'mesh', 'fabric', 'model', 'chip', 'let']),
    );
  });

  test('nothing inside a comment', async () => {
    expect((await completeAt('// <|>')).labels).toEqual([]);
  });
});

describe('values', () => {
  test('choices of the key', async () => {
    const { labels } = await completeAt(withLine('pp.schedule: interleaved(chunks: 8)', 'pp.schedule: <|>'));
    expect(labels).toEqual(expect.arrayContaining(['1f1b', 'gpipe', 'interleaved', 'dualpipe']));
  });

  test('arguments of a call', async () => {
    expect((await completeAt(withLine('fat_tree(tiers: 2)', 'fat_tree(tiers: 2, <|>)'))).labels).toEqual(
      expect.arrayContaining(['leaf:', 'oversubscription:', 'planes:']),
    );
    expect(
      (await completeAt(withLine('fat_tree(tiers: 2)', 'fat_tree(tiers: 2, <|>)'))).labels,
    ).not.toContain('tiers:');
  });

  test('items of a list argument', async () => {
    const { labels } = await completeAt(withLine('selective(swiglu, norm)', 'selective(swiglu, <|>)'));
    expect(labels).toEqual(expect.arrayContaining(['norm', 'attention']));
  });

  test('units behind a number', async () => {
    const { labels, choose } = await completeAt(withLine('    bandwidth: 450GB/s', '    bandwidth: 450<|>'));
    expect(labels).toEqual(['450GB/s', '450Gb/s', '450TB/s']);
    expect(choose('450GB/s')).toContain('bandwidth: 450GB/s\n');
  });

  test('booleans', async () => {
    const { labels } = await completeAt(withLine('sequence_parallel: true', 'sequence_parallel: <|>'));
    expect(labels).toEqual(['true', 'false']);
  });
});

describe('when a list comes up by itself', () => {
  const byBlank = async (marked: string) => {
    const { text, position } = cursor(marked);
    const view = await viewFor(text, { report: reportOf(LLAMA) });
    return (await completions(view, position, view.services.shared, ' '))?.items.map(i => i.label);
  };

  test('a blank asks for the next word of a phrase, and never at the start of a line', async () => {
    expect(await byBlank(withLine('order: tp < cp < pp < dp', 'order: tp < <|>'))).toEqual([
      'cp',
      'pp',
      'dp',
    ]);
    expect(await byBlank(withLine('  dp.accumulate: local', '  <|>'))).toBeUndefined();
    expect(await byBlank(withLine('  pp:  16', '  pp: 16 <|>'))).toBeUndefined();
  });

  test('behind a colon a value brings its own blank', async () => {
    const { choose } = await completeAt(withLine('sequence_parallel: true', 'sequence_parallel:<|>'));
    expect(choose('false')).toContain('sequence_parallel: false\n');
  });
});

describe('sizes that fit', () => {
  test('tp divides the heads, with what it means', async () => {
    const { labels, item } = await completeAt(withLine('  tp:  8 on node', '  tp: <|>'));
    expect(labels.slice(0, 4)).toEqual(['1', '2', '4', '8']);
    expect(labels).not.toContain('3');
    expect(item('8')?.detail).toBe('16 heads, 1 KV per rank · 16,384 of 24,576 chips');
  });

  test('pp says how many layers a stage gets', async () => {
    const { item } = await completeAt(withLine('  pp:  16', '  pp: <|>'));
    expect(item('9')?.detail).toContain('14 layers per stage');
    expect(item('16')?.detail).toContain('7 to 8 layers per stage');
  });

  test('dp offers what is left of the chips first', async () => {
    const { labels, item } = await completeAt(withLine('  dp:  128', '  dp: <|>'));
    // 24,576 chips over tp 8 and pp 16.
    expect(labels[0]).toBe('192');
    expect(item('192')?.detail).toBe('24,576 of 24,576 chips');
  });
});

describe('names', () => {
  test('axes that the order does not name yet', async () => {
    expect((await completeAt(withLine('order: tp < cp < pp < dp', 'order: tp < cp < <|>'))).labels).toEqual([
      'pp',
      'dp',
    ]);
  });

  test('levels behind on', async () => {
    expect((await completeAt(withLine('  pp:  16', '  pp: 16 on <|>'))).labels).toEqual([
      'node',
      'pod',
      'cluster',
    ]);
  });

  test('metrics, and axes or levels inside their parentheses', async () => {
    expect((await completeAt(withLine('step_time < 8s', '<|>'))).labels).toEqual(
      expect.arrayContaining(['step_time', 'exposed(axis)', 'mfu', 'network_bound']),
    );
    expect((await completeAt(withLine('step_time < 8s', 'exposed(<|>)'))).labels).toEqual([
      'tp',
      'cp',
      'pp',
      'dp',
    ]);
    expect((await completeAt(withLine('step_time < 8s', 'crosses(tp, <|>)'))).labels).toEqual([
      'node',
      'pod',
      'cluster',
    ]);
    expect((await completeAt(withLine('step_time < 8s', 'step_time < 8<|>'))).labels).toEqual([
      '8s',
      '8ms',
      '8us',
    ]);
  });

  test('a chip of the standard library brings its import', async () => {
    const marked = LLAMA.replace('import "std/chips"\n', '// my plan\n').replace('8 h100_sxm', '8 h100<|>');
    const { item, choose } = await completeAt(marked);
    expect(item('h100_sxm')?.detail).toBe('adds import "std/chips"');
    const text = choose('h100_sxm');
    expect(text).toContain('// my plan\nimport "std/chips"\n');
    expect(text).toContain('level node of 8 h100_sxm {');
  });

  test('fabrics, models and meshes in headers', async () => {
    expect((await completeAt(withLine('mesh m16k on clos24k', 'mesh m16k on <|>'))).labels).toEqual(
      expect.arrayContaining(['clos24k']),
    );
    expect((await completeAt(withLine('of llama3_405b on m16k', 'of <|>'))).labels[0]).toBe('llama3_405b');
    expect((await completeAt(withLine('of llama3_405b on m16k', 'of llama3_405b on <|>'))).labels).toEqual([
      'm16k',
    ]);
  });

  test('files in quotes', async () => {
    const files = { '/plans/config.json': '{}', '/plans/other.shard': '' };
    expect((await completeAt('import "<|>"', files)).labels).toEqual([
      'std/chips',
      'std/fabrics',
      'std/models',
      'other',
    ]);
    expect((await completeAt('model m from "<|>', files)).labels).toEqual(['config.json']);
  });
});

describe('collectives', () => {
  test('names that a plan causes, operations, arguments', async () => {
    const at = (text: string) => completeAt(withLine('  recompute:   selective(swiglu, norm)', `  ${text}`));
    expect((await at('collective <|>')).labels).toEqual(expect.arrayContaining(['dispatch', 'grad_reduce']));
    expect((await at('collective x: <|>')).labels).toEqual(
      expect.arrayContaining(['all_to_all', 'all_reduce']),
    );
    expect((await at('collective x: all_to_all(over: <|>)')).labels).toEqual(['tp', 'cp', 'pp', 'dp']);
    expect((await at('collective x: all_to_all(over: tp, <|>)')).labels).toEqual([
      'size:',
      'per:',
      'phase:',
      'overlap:',
      'algorithm:',
    ]);
    expect((await at('collective x: all_to_all(over: tp, size: <|>)')).labels).toEqual(
      expect.arrayContaining(['tokens', 'hidden', 'tp']),
    );
  });
});
