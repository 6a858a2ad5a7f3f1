import type { LoadMode } from '../model/load-options.ts';
import type { ConstantColumn } from '../model/wire-format.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** What the metadata columns of one load say. */
export interface LoadMetadata {
  readonly loadId: string;
  /** Our clock at the start of the load. */
  readonly startedAt: string;
  readonly sourceSystem: string;
  readonly sourceTable: string;
  readonly sourceHost: string;
  readonly extractionMethod: LoadMode;
}

/** The metadata columns that a table has, with their values; an entity without the mixin gets none. */
export function metadataConstants(table: ExpectedTable, load: LoadMetadata): ConstantColumn[] {
  const values: Record<(typeof bronzeMetadataColumns)[number], string> = {
    bronze_load_timestamp: load.startedAt,
    bronze_source_system: load.sourceSystem,
    bronze_source_table: load.sourceTable,
    bronze_source_host: load.sourceHost,
    bronze_extraction_method: load.extractionMethod,
    bronze_load_id: load.loadId,
  };
  return table.columns
    .filter((column) => Object.hasOwn(values, column.name))
    .map(({ name, type }) => ({ name, type, value: values[name as keyof typeof values] }));
}
