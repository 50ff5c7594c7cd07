/** Diagnostics that only the command line has, because an editor only ever shows files that it could open. */

export interface FileCode {
  title: string;
  meaning: string;
  fix: string;
}

export const FILE_CODES = {
  'file-missing': {
    title: 'A file that does not exist',
    meaning: 'No file of this name is there.',
    fix: 'Check the path; it is relative to the folder in which the command runs.',
  },
  'file-unreadable': {
    title: 'A file that cannot be read',
    meaning: 'It is a folder, is not text, or may not be read.',
    fix: 'Name a .shard file that you may read.',
  },
  'file-too-large': {
    title: 'A file that is too large',
    meaning: 'Files of more than 10 MB are not read.',
    fix: 'Is it a .shard file at all?',
  },
  'file-unwritable': {
    title: 'A file that cannot be written',
    meaning: 'It was to be laid out in place, and it or its folder is read-only.',
    fix: 'Make it writable, or ask with --check only.',
  },
  'file-empty': {
    title: 'A file without a declaration',
    meaning:
      'Nothing can be checked, so nothing is promised; most likely the file was cut off or is another one.',
    fix: 'Write a plan, or name the file that has it.',
  },
  'plan-missing': {
    title: 'A file without a plan',
    meaning: 'Only plans can be estimated; fabrics, models and meshes alone have no step time.',
    fix: 'Add a plan, or name the file that has it.',
  },
} satisfies Record<string, FileCode>;
