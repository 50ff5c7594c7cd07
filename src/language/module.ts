/** The language's services, wired for a language server, the command line and tests alike. */
import { inject, type Module } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
  type PartialLangiumSharedServices,
} from 'langium/lsp';
import type { Connection } from 'vscode-languageserver';
import { CachedFiles, type FileSource, type Files } from './files.ts';
import { ShardplanGeneratedModule, ShardplanGeneratedSharedModule } from './generated/module.ts';
import { ShardplanFoldingProvider } from './lsp/folding.ts';
import { ShardplanFormatter } from './lsp/formatter.ts';
import { ShardplanDefinitionProvider, ShardplanLinkProvider } from './lsp/links.ts';
import { ShardplanSemanticTokenProvider } from './lsp/semantic-tokens.ts';
import { ShardplanNodeKinds, ShardplanSymbolProvider } from './lsp/symbols.ts';
import { MemoryFiles } from './memory-files.ts';
import { ShardplanLexer } from './parser/lexer.ts';
import { ShardplanLexerMessages, ShardplanParserMessages } from './parser/messages.ts';
import { createShardplanParser } from './parser/parser.ts';
import { ShardplanTokenBuilder } from './parser/token-builder.ts';
import { ShardplanValueConverter } from './parser/value-converter.ts';
import { ShardplanNameProvider } from './references/name-provider.ts';
import { ShardplanRenameProvider } from './references/rename-provider.ts';
import { ShardplanScopeComputation } from './references/scope-computation.ts';
import { ShardplanScopeProvider } from './references/scope-provider.ts';
import { FindingsValidator } from './validation.ts';
import { ShardplanDocumentBuilder } from './workspace/document-builder.ts';
import { SourceFileSystem } from './workspace/file-system.ts';

export interface ShardplanContext {
  /** Left out in the command line and in tests. */
  connection?: Connection;
  /** Where files come from. Left out, only the standard library can be imported. */
  source?: FileSource;
  /** Further services, or others in place of these: a server's features. */
  module?: Module<ShardplanServices, PartialLangiumServices>;
  sharedModule?: Module<ShardplanSharedServices, PartialLangiumSharedServices>;
}

export interface ShardplanSharedServices extends LangiumSharedServices {
  workspace: LangiumSharedServices['workspace'] & { Files: Files };
}

export interface ShardplanServices extends LangiumServices {
  shared: ShardplanSharedServices;
}

/** Registers the language and its checks. `shared` is what `startLanguageServer` of `langium/lsp` takes. */
export function createShardplanServices(context: ShardplanContext = {}): {
  shared: ShardplanSharedServices;
  shardplan: ShardplanServices;
} {
  const source = context.source ?? new MemoryFiles();
  const fileSystemProvider = () => new SourceFileSystem(source);

  const sharedModule: Module<
    ShardplanSharedServices,
    PartialLangiumSharedServices & { workspace: { Files: Files } }
  > = {
    lsp: {
      NodeKindProvider: () => new ShardplanNodeKinds(),
    },
    workspace: {
      Files: services => new CachedFiles(source, services.workspace.TextDocuments),
      DocumentBuilder: services => new ShardplanDocumentBuilder(services),
    },
  };
  const shared = inject(
    createDefaultSharedModule({ connection: context.connection, fileSystemProvider }),
    ShardplanGeneratedSharedModule,
    sharedModule,
    context.sharedModule ?? {},
  ) as ShardplanSharedServices;

  const shardplanModule: Module<ShardplanServices, PartialLangiumServices> = {
    parser: {
      TokenBuilder: () => new ShardplanTokenBuilder(),
      Lexer: services => new ShardplanLexer(services),
      LangiumParser: services => createShardplanParser(services),
      ValueConverter: () => new ShardplanValueConverter(),
      ParserErrorMessageProvider: () => new ShardplanParserMessages(),
      LexerErrorMessageProvider: () => new ShardplanLexerMessages(),
    },
    lsp: {
      SemanticTokenProvider: services => new ShardplanSemanticTokenProvider(services),
      DocumentSymbolProvider: services => new ShardplanSymbolProvider(services),
      FoldingRangeProvider: services => new ShardplanFoldingProvider(services),
      DocumentLinkProvider: () => new ShardplanLinkProvider(),
      DefinitionProvider: services => new ShardplanDefinitionProvider(services),
      Formatter: services => new ShardplanFormatter(services),
      RenameProvider: services => new ShardplanRenameProvider(services),
    },
    references: {
      NameProvider: () => new ShardplanNameProvider(),
      ScopeComputation: services => new ShardplanScopeComputation(services),
      ScopeProvider: services => new ShardplanScopeProvider(services),
    },
    validation: {
      DocumentValidator: services => new FindingsValidator(services),
    },
  };
  const shardplan = inject(
    createDefaultModule({ shared }),
    ShardplanGeneratedModule,
    shardplanModule,
    context.module ?? {},
  ) as ShardplanServices;

  shared.ServiceRegistry.register(shardplan);
  // Without a client nobody sends a configuration; those who wait for it would wait for ever.
  if (!context.connection) shared.workspace.ConfigurationProvider.initialized({});
  return { shared, shardplan };
}
