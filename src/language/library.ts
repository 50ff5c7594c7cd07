/** The standard library: `.shard` text that is built into every bundle and opened like any other document. */
import { URI } from 'langium';
import chips from '../library/chips.shard';
import fabrics from '../library/fabrics.shard';
import models from '../library/models.shard';

export const LIBRARY_SCHEME = 'meshwright-lib';

/** Path of an import to its text: `std/chips`. */
export const LIBRARY: Readonly<Record<string, string>> = {
  'std/chips': chips,
  'std/fabrics': fabrics,
  'std/models': models,
};

/** `std/chips` is `meshwright-lib:/std/chips.shard`, whether or not the library has such a file. */
export function libraryUri(path: string): URI {
  return URI.from({ scheme: LIBRARY_SCHEME, path: `/${path.replace(/\.shard$/, '')}.shard` });
}

export const isLibraryUri = (uri: URI): boolean => uri.scheme === LIBRARY_SCHEME;

/** The text of a library file; undefined when there is none of that name. */
export function libraryText(uri: URI): string | undefined {
  return LIBRARY[libraryPath(uri)];
}

/** What an import would say: `std/chips`. */
export const libraryPath = (uri: URI): string => uri.path.replace(/^\//, '').replace(/\.shard$/, '');
