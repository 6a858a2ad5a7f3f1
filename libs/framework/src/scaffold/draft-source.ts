import type { SourceKind } from '../model/source-definition.ts';
import type { SourceDraft } from './print-entry.ts';

const factories: Readonly<Record<SourceKind, string>> = {
  postgres: 'postgresSource',
  mysql: 'mysqlSource',
  sqlite: 'sqliteSource',
  files: 'filesSource',
};

/** Drafts the source of a datakit: its URL comes from a variable, so that every place has its own. */
export function draftSource(kind: SourceKind, system: string, urlVariable: string, schema?: string): SourceDraft {
  const fields = { system, url: `\${${urlVariable}}`, ...(schema === undefined ? {} : { schema }) };
  return { factory: factories[kind], fields };
}
