import { DatakitError } from '../errors/datakit-error.ts';
import { suggestName } from '../errors/nearest-name.ts';
import type { SourceKind } from '../model/source-definition.ts';
import type { DefinitionOf, SourceOpener } from './source-kind.ts';

/** One entry per kind of source, with the schemes of its URLs; a connector is loaded when a source of its kind is opened. */
const kinds = {
  postgres: {
    schemes: ['postgresql', 'postgres'],
    load: async () => (await import('./postgres/open-postgres-source.ts')).postgresOpener,
  },
  mysql: {
    schemes: ['mysql', 'mariadb'],
    load: async () => (await import('./mysql/open-mysql-source.ts')).mysqlOpener,
  },
  sqlite: {
    schemes: ['sqlite'],
    load: async () => (await import('./sqlite/open-sqlite-source.ts')).sqliteOpener,
  },
  files: {
    schemes: ['file'],
    load: async () => (await import('./files/open-files-source.ts')).filesOpener,
  },
} as const satisfies { [Kind in SourceKind]: RegisteredKind<Kind> };

interface RegisteredKind<Kind extends SourceKind> {
  readonly schemes: readonly string[];
  readonly load: () => Promise<SourceOpener<DefinitionOf<Kind>>>;
}

/** Loads what opens a kind of source. */
export async function loadOpener(kind: SourceKind): Promise<SourceOpener<DefinitionOf<SourceKind>>> {
  return (await kinds[kind].load()) as SourceOpener<DefinitionOf<SourceKind>>;
}

/**
 * The kind of a source, by the scheme of its URL.
 * @param what what the URL is for, for the message
 * @throws OPTION_INVALID for a URL of no known kind
 */
export function kindOfUrl(url: string, what: string): SourceKind {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '';
  const entries = Object.entries(kinds) as [SourceKind, RegisteredKind<SourceKind>][];
  const found = entries.find(([, { schemes }]) => schemes.includes(scheme));
  if (found) return found[0];
  const known = entries.flatMap(([, { schemes }]) => schemes);
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `${what} is of a kind that is not known.`,
    hint: `URLs of sources start with ${known.map((name) => `${name}:`).join(', ')}. ${suggestName(scheme, known)}`.trim(),
  });
}
