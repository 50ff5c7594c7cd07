/** Files that the build embeds as text. */
declare module '*?text' {
  const text: string;
  export default text;
}

declare module '*.css';
