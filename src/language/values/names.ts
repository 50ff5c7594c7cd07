/** Names in expressions and keys, which are links where something has that name and plain words where nothing has. */
import type { Key, Let, Ref } from '../generated/ast.ts';
import { isLet } from '../generated/ast.ts';

/** `batch.global`, as written without blanks. */
export const keyText = (key: Key): string => [key.head?.$refText ?? '', ...key.tail].join('.');

/** `zero_bubble`, `max_load`, `efficiency.gemm`. */
export const refText = (ref: Ref): string => [ref.head?.$refText ?? '', ...ref.tail].join('.');

/** The `let` that a name leads to. */
export function letOf(ref: Ref): Let | undefined {
  const target = ref.call || ref.tail.length > 0 ? undefined : ref.head?.ref;
  return isLet(target) ? target : undefined;
}
