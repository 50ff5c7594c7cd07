/** Where a diagnostic code is explained. */
export function codeLink(_code: string): string | undefined {
  return undefined;
}
