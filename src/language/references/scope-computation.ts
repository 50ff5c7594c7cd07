/** What a document offers to others. Scopes are looked up in the tree itself, so no local symbols are collected. */
import { DefaultScopeComputation, type LocalSymbols, MultiMap } from 'langium';

export class ShardplanScopeComputation extends DefaultScopeComputation {
  override async collectLocalSymbols(): Promise<LocalSymbols> {
    return new MultiMap();
  }
}
