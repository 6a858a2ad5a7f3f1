import { DatakitError } from '../errors/datakit-error.ts';
import type { ExtractRequest, Extraction } from '../model/extraction.ts';
import type { PipelineSettings } from '../model/custom-source.ts';
import type { LoadedTable } from './ingest-request.ts';
import type { LoadMetadata } from './metadata-constants.ts';

/**
 * How a bronze datakit's tables get from their source into a target. The default does it all from what the datakit
 * declares; a subclass, named in its `source`, replaces a step and keeps the others: metadata, contract, quarantine, audit,
 * publication in one commit, ledger, files and reports.
 *
 * @example
 * ```ts
 * export default class ShopApi extends BronzeIngestionPipeline {
 *   override extractTable({ table }: ExtractRequest): Extraction {
 *     return { format: 'rows', rows: pagesOf(`${this.variable('SHOP_API_URL')}/${table}`) };
 *   }
 * }
 * // source: customSource({ system: 'shop', pipeline: () => import('./shop-api.ts') })
 * ```
 */
export class BronzeIngestionPipeline {
  /** Name of the source, as the datakit declares it. */
  readonly system: string;
  readonly #settings: PipelineSettings;

  constructor(settings: PipelineSettings) {
    this.system = settings.system;
    this.#settings = settings;
  }

  /** Becomes `bronze_source_host` where the source is read by {@link extractTable}. */
  get host(): string {
    return 'localhost';
  }

  /**
   * Gives the rows of one table; only for sources of `customSource`. Nothing is published when it throws.
   * @throws whatever it likes; people read it as SOURCE_UNAVAILABLE unless it is a DatakitError
   */
  extractTable(_request: ExtractRequest): Extraction | Promise<Extraction> {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The pipeline of the source ${this.system} does not say how its rows are read.`,
      hint: 'Override extractTable() in the class that customSource({ pipeline }) imports.',
    });
  }

  /** What the metadata columns of a load say; the id and the time of the load stay what they are. */
  addBronzeMetadata(metadata: LoadMetadata): LoadMetadata | Promise<LoadMetadata> {
    return metadata;
  }

  /** Writes, audits and publishes one table. @param write does it all; whatever a subclass does comes around it */
  writeBronze(_table: string, write: () => Promise<LoadedTable>): Promise<LoadedTable> {
    return write();
  }

  /**
   * A variable of the environment, of `.env` or of a mounted secret (`NAME_FILE`).
   * @throws SOURCE_UNAVAILABLE where it is not set
   */
  protected variable(name: string): string {
    const value = this.#settings.variable(name);
    if (value !== undefined) return value;
    throw new DatakitError({
      code: 'SOURCE_UNAVAILABLE',
      message: `The source ${this.system} needs ${name}, which is not set.`,
      hint: 'Set it in the environment or in the .env file of the workspace.',
      details: { variables: [name] },
    });
  }
}
