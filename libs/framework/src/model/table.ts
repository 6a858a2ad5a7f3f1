import type { AnyBuild, BuildOf } from './build.ts';
import type { AnyEntity, ColumnOf } from './entity.ts';
import type { Expectation } from './expectation.ts';
import type { LoadOptions } from './load-options.ts';
import type { TableContractModes } from './source-contract.ts';
import type { ViewBuild } from './view.ts';

/** What a datakit says about a table beyond its entity; only what differs from the default. */
export interface TableOptions<Column extends string = string, Build = AnyBuild> {
  /** How the source names things, where it differs from the entity. */
  readonly source?: {
    /** Table of the source. */
    readonly table?: string;
    /** What to read instead of a table, in the SQL of the source: `select … from …`. Its columns are those of the table. */
    readonly query?: string;
    /** Files of the table, as a glob below the folder of a source of files; by default those with its name. */
    readonly files?: string;
    /** Names of the columns, in order, where its csv files have no header line. */
    readonly header?: readonly string[];
    /** Source column → our column. */
    readonly columns?: Readonly<Record<string, string>>;
  };
  /** How its rows are loaded; by default the source's rows replace all that are there. */
  readonly load?: LoadOptions<Column>;
  /** What the rows promise: audited before a load is published, and by `validate`. */
  readonly expect?: readonly Expectation<Column>[];
  /**
   * The table has no primary key in a database, because its source has none: rows may repeat. MikroORM wants a key of
   * every entity, so the entity still names one.
   */
  readonly keyless?: true;
  /** How the history of a table with the `temporalTable` columns is kept. */
  readonly history?: {
    /** Columns that are not tracked: a change of them alone writes no history. Not those of the primary key. */
    readonly exclude?: readonly Column[];
  };
  /** How its rows come about, where no load brings them: `rebuild(…)`, `incremental(…)`, `view(…)`, `sqlView(…)`. */
  readonly build?: Build;
  /** What happens where its source and the entity differ, if not what the datakit says. */
  readonly contract?: TableContractModes;
  /** What the table was called before; a deployment renames it and keeps its rows. */
  readonly renamedFrom?: string;
  /** What only differs from the default, by column. */
  readonly columns?: { readonly [Name in Column]?: ColumnOptions };
  /**
   * Columns that may lose what a place cannot keep: a value without a form there becomes null (NaN on SQLite, infinity
   * on MySQL), and a source with more digits or characters than declared is rounded or cut. Everything else stays exact,
   * and the report lists these columns. `docs/types.md` tells what each place keeps.
   */
  readonly lossy?: readonly Column[];
}

/** What a datakit says about a column beyond its entity. */
export interface ColumnOptions {
  /** What the column was called before; a deployment renames it and keeps its values. */
  readonly renamedFrom?: string;
}

/** An entity with its options. */
export interface TableDefinition {
  readonly kind: 'table';
  readonly entity: AnyEntity;
  readonly options: TableOptions;
}

/**
 * Adds options to an entity of a datakit.
 *
 * @example
 * ```ts
 * table(Film, { source: { table: 'movie', columns: { release_year: 'year_of_release' } }, lossy: ['rating'] })
 * ```
 */
export function table<Entity extends AnyEntity>(
  entity: Entity,
  options: TableOptions<ColumnOf<Entity>, BuildOf<Entity> | ViewBuild> = {},
): TableDefinition {
  return { kind: 'table', entity, options: options as TableOptions };
}

/** Tells a table definition from a bare entity. */
export function isTableDefinition(value: unknown): value is TableDefinition {
  return typeof value === 'object' && value !== null && (value as TableDefinition).kind === 'table';
}
