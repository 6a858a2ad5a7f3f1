import type { ExtractRequest, Extraction } from './extraction.ts';

/** What a pipeline is made with. */
export interface PipelineSettings {
  /** Name of the source, as the datakit declares it. */
  readonly system: string;
  /** A variable of the environment, of `.env` or of a mounted secret; undefined where it is not set. */
  variable(name: string): string | undefined;
}

/** A subclass of `BronzeIngestionPipeline`, loaded when an ingest begins: `() => import('./shop-api.ts')`. */
export type PipelineModule = () => Promise<{
  readonly default: new (settings: PipelineSettings) => {
    extractTable(request: ExtractRequest): Extraction | Promise<Extraction>;
  };
}>;

/** A source that the datakit's own code reads. */
export interface CustomSource {
  readonly kind: 'custom';
  /** Name of the system; becomes `bronze_source_system` and the folder of output files. */
  readonly system: string;
  /** The class that reads it, as the default export of a module. */
  readonly pipeline: PipelineModule;
}

/**
 * Declares a source that has no connector, an HTTP API say; its rows come from `extractTable` of a pipeline.
 *
 * @example
 * ```ts
 * source: customSource({ system: 'shop', pipeline: () => import('./shop-api.ts') })
 * ```
 */
export function customSource(definition: Omit<CustomSource, 'kind'>): CustomSource {
  return { kind: 'custom', ...definition };
}
