import type { AnyEntity } from './entity.ts';

/** What one property builder says about its column, as far as a query needs to know. */
type ValueOf<Builder> = Builder extends {
  readonly '~type'?: { value: infer Value };
  readonly '~options'?: infer Options;
}
  ? (Options extends { array: true } ? Value[] : Value) | (Options extends { nullable: true } ? null : never)
  : unknown;

/** A relation is a function; the builder is what it returns. */
type BuilderOf<Property> = Property extends (...args: never[]) => infer Builder ? Builder : Property;

type OptionsOf<Builder> = Builder extends { readonly '~options'?: infer Options } ? Options : unknown;

/** The other side of a relation has no column. */
type IsColumn<Options> = Options extends { kind: '1:m' | 'm:n' } | { persist: false } ? false : true;

/** What a row has without anybody saying it: a default, a number, what a trigger writes, a null. */
type IsOptional<Options> = Options extends
  { nullable: true } | { autoincrement: true } | { onCreate: unknown } | { default: unknown } | { defaultRaw: unknown }
  ? true
  : false;

type ColumnName<Name, Options> = Options extends { fieldName: infer Column extends string } ? Column : Name;

/** The property builders of an entity; nothing is known of one that is made by decorators. */
type PropertiesOf<Entity> = Entity extends { readonly '~entity': unknown; readonly properties: infer Properties }
  ? Properties
  : Record<string, unknown>;

/** A row of an entity's table as a query sees it: column → type, with null where the column may be null. */
export type QueryRow<Entity extends AnyEntity> = {
  [
    Name in keyof PropertiesOf<Entity> as IsColumn<OptionsOf<BuilderOf<PropertiesOf<Entity>[Name]>>> extends true
      ? Extract<ColumnName<Name, OptionsOf<BuilderOf<PropertiesOf<Entity>[Name]>>>, string>
      : never
  ]: ValueOf<BuilderOf<PropertiesOf<Entity>[Name]>>;
};

/** What a query may give for a value: comparisons are 0 or 1 on some engines, and counts are numbers. */
type Given<Value> =
  Value | (boolean extends Value ? 0 | 1 : never) | (Extract<Value, bigint> extends never ? never : number);

type OptionalNames<Properties> = {
  [Name in keyof Properties]: IsOptional<OptionsOf<BuilderOf<Properties[Name]>>> extends true
    ? ColumnName<Name, OptionsOf<BuilderOf<Properties[Name]>>>
    : never;
}[keyof Properties];

/** The columns that a query has to give for an entity's table, each with what it may be. */
export type NeededRow<Entity extends AnyEntity> = {
  [Name in Exclude<keyof QueryRow<Entity>, OptionalNames<PropertiesOf<Entity>>>]: Given<QueryRow<Entity>[Name]>;
} & {
  [Name in Extract<keyof QueryRow<Entity>, OptionalNames<PropertiesOf<Entity>>>]?: Given<QueryRow<Entity>[Name]>;
};
