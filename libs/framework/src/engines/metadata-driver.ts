import { DatabaseDriver, Platform } from '@mikro-orm/core';

/** Names every type as PostgreSQL does, which is the vocabulary of {@link ColumnType}. */
class MetadataPlatform extends Platform {
  /** Quotes as standard SQL does, which every engine of ours reads. */
  override quoteIdentifier(id: string): string {
    return super.quoteIdentifier(id, '"');
  }
  override getIntegerTypeDeclarationSQL(): string {
    return 'integer';
  }
  override getMediumIntTypeDeclarationSQL(): string {
    return 'integer';
  }
  override getTinyIntTypeDeclarationSQL(): string {
    return 'smallint';
  }
  override getFloatDeclarationSQL(): string {
    return 'real';
  }
  override getDoubleDeclarationSQL(): string {
    return 'double precision';
  }
  override getUuidTypeDeclarationSQL(): string {
    return 'uuid';
  }
  override getBlobDeclarationSQL(): string {
    return 'bytea';
  }
  override getJsonDeclarationSQL(): string {
    return 'jsonb';
  }
  override getArrayDeclarationSQL(): string {
    return 'text[]';
  }
  override getEnumTypeDeclarationSQL({ items }: { items?: unknown[] }): string {
    return items?.every((item) => typeof item === 'string') ? 'text' : 'smallint';
  }
  override getDateTimeTypeDeclarationSQL({ length }: { length?: number }): string {
    return `timestamptz(${length ?? 6})`;
  }
  override getDefaultDateTimeLength(): number {
    return 6;
  }
  override getDecimalTypeDeclarationSQL({ precision, scale }: { precision?: number; scale?: number }): string {
    return precision === undefined ? 'numeric' : `numeric(${precision},${scale ?? 0})`;
  }
  supportsSchemas(): boolean {
    return true;
  }
  /** Discovery fills in the types of foreign key columns only where a platform says that it has a schema helper. */
  override getSchemaHelper(): never {
    return {} as never;
  }
}

/** For fragments of SQL that entities hold. */
export const metadataPlatform = new MetadataPlatform();

/** Only what discovery touches of a driver; querying through it is impossible, which is the point. */
export class MetadataDriver extends (DatabaseDriver as unknown as new (
  config: unknown,
  dependencies: string[],
) => object) {
  readonly platform = metadataPlatform;
  readonly connection = { setMetadata: () => undefined, setPlatform: () => undefined };

  constructor(config: unknown) {
    super(config, []);
  }
}
