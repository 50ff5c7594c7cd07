/** Text that is not a document of the language, and names that lead nowhere. */
import type { CodeSpec } from '../codes.ts';

export const SYNTAX_CODES = {
  'syntax-error': {
    title: 'The text does not follow the grammar',
    severity: 'error',
    meaning:
      'Something is missing or stands where it cannot. Everything outside the declaration keeps its numbers.',
    fix: 'Read what was expected; completion at that place offers it.',
    wrong: { in: 'file', text: 'chip c {\n  power: \n}\n' },
    right: { in: 'file', text: 'chip c {\n  power: 700W\n}\n' },
  },
  'key-space': {
    title: 'White space inside a key',
    severity: 'error',
    meaning: 'A key that ends in a dot joins with the next line into one key.',
    fix: 'Complete the key or remove the dot.',
    wrong: { in: 'plan', text: 'batch.\n  global: 64' },
    right: { in: 'plan', text: 'batch.global: 64' },
  },
  'name-unknown': {
    title: 'A name that nothing has',
    severity: 'error',
    meaning: 'Names are seen in their own file and in the files it imports, no further.',
    fix: 'Correct the name, or import the file that declares it.',
    wrong: { in: 'file', text: 'fabric f { level node of 8 h100_sxn { bandwidth: 450GB/s } }\n' },
    right: {
      in: 'file',
      text: 'import "std/chips"\nfabric f { level node of 8 h100_sxm { bandwidth: 450GB/s } }\n',
    },
  },
  'name-duplicate': {
    title: 'One name for two things',
    severity: 'error',
    meaning:
      'Two declarations of one kind, two levels of a fabric or two axes of a mesh have the same name; the first counts.',
    fix: 'Rename one of them.',
    wrong: { in: 'mesh', text: 'tp: 8  dp: 2  dp: 2' },
    right: { in: 'mesh', text: 'tp: 8  dp: 2  fsdp: 2' },
  },
  'import-missing': {
    title: 'An imported file is not there',
    severity: 'error',
    meaning: '`std/…` is the standard library; every other path is relative to the file.',
    fix: 'Correct the path.',
    wrong: { in: 'file', text: 'import "std/chip"\n' },
    right: { in: 'file', text: 'import "std/chips"\n' },
  },
  'import-unused': {
    title: 'An import that nothing uses',
    severity: 'hint',
    meaning: 'No name of the imported file is used here.',
    fix: 'Remove the line.',
    wrong: { in: 'file', text: 'import "std/fabrics"\n' },
    right: { in: 'file', text: 'let x = 1\n' },
  },
} satisfies Record<string, CodeSpec>;
