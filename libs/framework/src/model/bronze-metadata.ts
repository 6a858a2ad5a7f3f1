import { p } from '@mikro-orm/core';

/**
 * The six columns that every bronze table carries beside those of its source; spread them into the properties.
 * Ingest fills them, the same values for every row of one load.
 *
 * @example
 * ```ts
 * properties: { film_id: p.integer().primary(), title: p.text(), ...bronzeMetadata }
 * ```
 */
export const bronzeMetadata = {
  /** Our clock at the start of the load. */
  bronze_load_timestamp: p.datetime(6),
  /** `system` of the source. */
  bronze_source_system: p.text(),
  /** The table of the source, without its schema. */
  bronze_source_table: p.text(),
  /** Host of the source; `localhost` for sockets and files. */
  bronze_source_host: p.text(),
  /** `full_snapshot`, `incremental` or `cdc`. */
  bronze_extraction_method: p.text().default('full_snapshot'),
  /** Id of the load, a UUID of version 7; `_datakit.loads` knows it. */
  bronze_load_id: p.uuid(),
};

/** Names of the {@link bronzeMetadata} columns, in their order. */
export const bronzeMetadataColumns = Object.keys(bronzeMetadata) as (keyof typeof bronzeMetadata)[];
