/** A file of the standard library, parsed and linked. */
import type { LangiumDocument } from 'langium';
import type { Document, Property } from '../../src/language/generated/ast.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { createTestServices } from '../language/support.ts';

export const library = async (path: string): Promise<LangiumDocument<Document>> =>
  createTestServices().parse(LIBRARY[path] ?? '', `/plans/${path}.shard`);

/** `hbm.capacity` of a property. */
export const keyOf = (property: Property): string =>
  [property.key.head?.$refText ?? '', ...property.key.tail].join('.');

/** The text of a property's value. */
export const textOf = (property: Property): string => property.value?.$cstNode?.text ?? '';
