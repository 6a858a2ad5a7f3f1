import type { SecurityFields } from './connection-security.ts';

/** A source that somebody serves on demand; given back with `release`. */
export interface ServedSource {
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  /** One line that says what it is; the ingest prints it. */
  readonly description: string;
  release(): Promise<void>;
}

/** Where a bronze datakit reads from, as its `datakit` entry declares it. Nothing is opened by declaring it. */
export interface SourceDefinition extends SecurityFields {
  readonly kind: 'postgres';
  /** Name of the system; becomes `bronze_source_system` and the folder of output files. */
  readonly system: string;
  /** URL of the source, usually `${NAME}` from the environment. */
  readonly url?: string;
  /** Schema that holds the tables; `public` when left out. */
  readonly schema?: string;
  /** Serves the source where the variables in `url` are not set. */
  readonly otherwise?: () => Promise<ServedSource>;
}

/**
 * Declares a PostgreSQL source.
 *
 * @param definition `url` may hold `${NAME}` parts, read from the environment when an ingest opens the source
 * @example
 * ```ts
 * source: postgresSource({ system: 'shop', url: '${SHOP_URL}', schema: 'public' })
 * ```
 */
export function postgresSource(definition: Omit<SourceDefinition, 'kind'>): SourceDefinition {
  return { kind: 'postgres', ...definition };
}
