/** Files that the bundler and the test runner hand over as text. */
declare module '*.shard' {
  const text: string;
  export default text;
}

/** `import source from 'package/file.js?text'`: the file's own text. */
declare module '*?text' {
  const text: string;
  export default text;
}

declare module '*.css';
