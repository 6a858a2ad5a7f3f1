import type { SourceDefinition, SourceKind } from '../model/source-definition.ts';
import type { Environment } from '../settings/environment.ts';
import type { SourceConnector } from './source-connector.ts';

/** Which files a table has, where their names do not say so, and their columns, where they have no header. */
export interface TableFiles {
  readonly files?: string;
  readonly header?: readonly string[];
}

/** What a datakit or a command said about a source. */
export interface SourceRequest<Definition> {
  /** With its variables filled. It may hold a password, so no message repeats it. */
  readonly url: string;
  /** What the URL is for, for messages: `The URL of the source shop`. */
  readonly what: string;
  readonly system: string;
  /** What the datakit declares; absent where the URL came from elsewhere. */
  readonly declared?: Definition;
  /** What the datakit declares of a source of this kind, wherever the URL came from. */
  readonly definition?: Definition;
  readonly environment: Environment;
  /** Where relative paths begin. */
  readonly workspaceRoot: string;
  /** What the tables of the datakit say about their files, by the source's names of the tables. */
  readonly tables: ReadonlyMap<string, TableFiles>;
  /** Puts the environment's values in place of `${NAME}`. */
  fill(text: string): string;
}

/** How one kind of source is opened; nothing is connected by it. */
export interface SourceOpener<Definition extends SourceDefinition> {
  /** @throws OPTION_INVALID for a URL or a setting that makes no sense */
  atUrl(request: SourceRequest<Definition>): SourceConnector;
  /** For what `otherwise` of a definition serves. */
  served(connection: ServedConnection<Definition>): SourceConnector;
}

/** What a source of this kind is served with. */
export type ServedConnection<Definition extends SourceDefinition> = Awaited<
  ReturnType<NonNullable<Definition['otherwise']>>
>['connection'];

export type DefinitionOf<Kind extends SourceKind> = Extract<SourceDefinition, { kind: Kind }>;
