import { parseColumnType, type ColumnType } from '../../model/column-type.ts';
import type { SourceColumn } from '../source-connector.ts';

/** A column as SQLite's catalogue shows it. */
export interface CatalogueColumn {
  readonly name: string;
  /** As somebody wrote it; empty where nobody did. */
  readonly declared: string;
  readonly nullable: boolean;
}

/**
 * What a column was declared to hold. SQLite keeps any value in any column, so this is what people read; every value is
 * held against the type that the entity declares when it is read, and therefore any may be declared.
 */
export function sourceColumn({ name, declared, nullable }: CatalogueColumn): SourceColumn {
  return { name, nullable, type: declaredType(declared), readableAs: () => true };
}

function declaredType(declared: string): ColumnType {
  const written = declared.trim().toLowerCase();
  // Eight bytes here, and not the four of other servers.
  if (/^(real|float|double)\b/.test(written)) return { kind: 'double' };
  if (/^datetime\b/.test(written)) return { kind: 'timestamp' };
  const known = /^[a-z]/.test(written) ? parseColumnType(written) : undefined;
  return known === undefined || known.kind === 'named' ? byAffinity(written) : known;
}

/** @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function byAffinity(written: string): ColumnType {
  if (written.includes('int')) return { kind: 'bigint' };
  if (/char|clob|text/.test(written)) return { kind: 'text' };
  if (written.includes('blob')) return { kind: 'bytea' };
  if (/real|floa|doub/.test(written)) return { kind: 'double' };
  return written === '' ? { kind: 'text' } : { kind: 'numeric' };
}
