/** Half-typed and broken versions of one plan: what is left of the other declarations, and what is said. */
import { describe, expect, test } from 'vitest';
import { llama } from '../samples.ts';
import { parseDocument } from '../support.ts';

/** The text with one place changed; the place must be there. */
function damaged(find: string | RegExp, replace: string): string {
  const text = llama.replace(find, replace);
  expect(text).not.toBe(llama);
  return text;
}

async function syntaxOf(text: string) {
  const { parseResult, textDocument } = await parseDocument(text);
  const errors = [
    ...parseResult.lexerErrors.map(error => ({ line: error.line, message: error.message })),
    ...parseResult.parserErrors.map(error => ({ line: error.token.startLine, message: error.message })),
  ];
  return {
    declarations: parseResult.value.decls.map(decl => `${decl.$type} ${decl.name}`),
    root: parseResult.value,
    errors: errors.map(error => error.message),
    lines: errors.map(error => textDocument.getText().split('\n')[(error.line ?? 1) - 1]?.trim()),
  };
}

const all = ['Fabric clos24k', 'Model llama3_405b', 'Mesh m16k', 'Plan pretrain'];

const cases: [name: string, text: () => string, message: string | RegExp, atLine?: RegExp][] = [
  ['value missing', () => damaged(/pp: {2}16/, 'pp:'), "A value is missing after 'pp:'.", /^pp:/],
  [
    'key half typed',
    () => damaged(/batch\.micro: +1/, 'batch.mic'),
    "':' and a value are missing after 'batch.mic'.",
    /batch\.mic/,
  ],
  [
    'key that ends in a dot',
    () => damaged(/batch\.micro: +1/, 'batch.'),
    "A name is missing after 'batch.'.",
    /batch\.$/,
  ],
  [
    '} of a level missing',
    () => damaged(/(4us\n {4}media: {5}optics\n) {2}}\n/, '$1'),
    "'}' is missing for level pod, opened on line 11.",
    /media/,
  ],
  [
    '} of the mesh missing',
    () => damaged(/fastest\n}/, 'fastest\n'),
    "'}' is missing for mesh m16k, opened on line 27.",
    /^order/,
  ],
  [
    '} of the plan missing',
    () => damaged(/network_bound\n}/, 'network_bound\n'),
    "'}' is missing for plan pretrain, opened on line 35.",
    /network_bound/,
  ],
  [
    ') missing',
    () => damaged('switch(reduce: true)', 'switch(reduce: true'),
    "')' is missing: '(' on line 6 is not closed.",
    /switch/,
  ],
  [
    'dangling <',
    () => damaged('tp < cp < pp < dp', 'tp < cp < pp <'),
    "A value is missing after '<'.",
    /^order/,
  ],
  [
    'stray ;',
    () => damaged(/batch\.micro: +1/, 'batch.micro: 1;'),
    "';' does not belong here: a line ends without one.",
    /;/,
  ],
  [
    'assert without its right side',
    () => damaged('step_time   < 8s', 'step_time   <'),
    "A value is missing after '<'.",
    /step_time/,
  ],
  [
    'string not closed',
    () => damaged('config.json"', 'config.json'),
    /"Llama-3.1-405B\/config.json is not closed: '"' is missing./,
    /^model/,
  ],
  [
    '} of the fabric missing',
    () => damaged(/optics\n {2}}\n}\n/, 'optics\n  }\n'),
    "'}' is missing for fabric clos24k, opened on line 4.",
    /^}$/,
  ],
];

test.each(cases)(
  '%s: every declaration stays, and one error is said at its place',
  async (_name, text, message, atLine) => {
    const { declarations, errors, lines } = await syntaxOf(text());
    expect(declarations).toEqual(all);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
    if (atLine) expect(lines[0]).toMatch(atLine);
  },
);

test('an unknown unit is no syntax error: the token stays whole', async () => {
  const { declarations, errors } = await syntaxOf(damaged('450GB/s', '450XB/s'));
  expect(declarations).toEqual(all);
  expect(errors).toEqual([]);
});

describe('the lines beside a damaged one keep their meaning', () => {
  test('the axis whose size is missing is still an axis', async () => {
    const { root } = await syntaxOf(damaged(/pp: {2}16/, 'pp:'));
    const mesh = root.decls.find(decl => decl.$type === 'Mesh');
    expect(mesh?.axes.map(axis => axis.name)).toEqual(['tp', 'cp', 'pp', 'dp']);
    expect(mesh?.axes[2]?.size).toBeUndefined();
  });

  test('the key after a dangling dot is a key of its own', async () => {
    const { root } = await syntaxOf(damaged(/batch\.micro: +1/, 'batch.'));
    const plan = root.decls.find(decl => decl.$type === 'Plan');
    const keys = plan?.props.map(prop => [prop.key.head.$refText, ...prop.key.tail].join('.'));
    expect(keys?.slice(0, 3)).toEqual(['batch.global', 'batch', 'batch.sequence']);
  });

  test('the level after an unclosed one belongs to the fabric', async () => {
    const { root } = await syntaxOf(damaged(/(4us\n {4}media: {5}optics\n) {2}}\n/, '$1'));
    const fabric = root.decls.find(decl => decl.$type === 'Fabric');
    expect(fabric?.levels.map(level => [level.name, level.props.length])).toEqual([
      ['node', 4],
      ['pod', 4],
      ['cluster', 4],
    ]);
  });
});

describe('further damage costs one line', () => {
  test.each<[string, () => string, RegExp]>([
    [
      'colon missing',
      () => damaged(/batch\.micro: +1/, 'batch.micro 1'),
      /^':' is missing after 'batch.micro'\.$/,
    ],
    ['comma missing', () => damaged('first: 7, last', 'first: 7 last'), /^',' is missing after '7'\.$/],
    ['] missing', () => damaged('[backward, forward]', '[backward, forward'), /^']' is missing/],
    ['one } too many', () => damaged(/fastest\n}/, 'fastest\n}\n}'), /^'}' has no '{' before it\.$/],
    [
      'one ) too many',
      () => damaged('selective(swiglu, norm)', 'selective(swiglu, norm))'),
      /^'\)' has no '\(' before it\.$/,
    ],
    ['{ missing', () => damaged('on m16k {', 'on m16k'), /^'{' is missing after plan pretrain\.$/],
    [
      'a declaration half typed',
      () => damaged('plan pretrain', 'pla\n\nplan pretrain'),
      /^'pla' does not begin a declaration .* Did you mean 'plan'\?$/,
    ],
    [
      'a word after the model',
      () => damaged('config.json"', 'config.json" x'),
      /^'x' does not begin a declaration/,
    ],
    [
      'white space in a key',
      () => damaged('batch.micro', 'batch. micro'),
      /^White space does not belong inside 'batch\.micro'\.$/,
    ],
    [
      'two values missing in brackets',
      () => damaged('first: 7, last: 7', 'first: , last: 7'),
      /^A value is missing after 'first:'\.$/,
    ],
    [
      'a comment not closed',
      () => damaged('// left varies', '/* left varies'),
      /^This comment is not closed/,
    ],
  ])('%s', async (_name, text, message) => {
    const { declarations, errors } = await syntaxOf(text());
    expect(declarations).toEqual(all);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
  });

  test('a misspelt keyword costs its declaration only', async () => {
    const { declarations, errors } = await syntaxOf(damaged('fabric clos24k', 'fabrik clos24k'));
    expect(declarations).toEqual(all.slice(1));
    expect(errors).toEqual([expect.stringMatching(/Did you mean 'fabric'\?$/)]);
  });
});
