import type { Engine } from '../engines/engine.ts';
import { physicalName } from '../engines/physical-name.ts';
import type { Session } from '../engines/session.ts';
import type { TableName } from '../engines/table-structure.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import { isView } from '../model/build.ts';
import { ownerOf, tableName, type Datakit } from '../model/datakit.ts';
import type { AnyEntity } from '../model/entity.ts';
import { placeless } from '../structure/compile-build.ts';

/** A table of another datakit that this one reads, be it through a view. */
export interface UpstreamTable {
  readonly owner: Datakit;
  /** The entity's own name for it. */
  readonly name: string;
  readonly table: TableName;
  /** A load or a build fills it. */
  readonly isFilled: boolean;
}

/** The tables of other datakits that the builds of a datakit read. @throws DATAKIT_INVALID for one that nobody has */
export function upstreamTables(datakit: Datakit, engine: Engine): UpstreamTable[] {
  const found = new Map<AnyEntity, UpstreamTable>();
  const visited = new Set<AnyEntity>();
  const visitInputs = (reader: Datakit, entity: AnyEntity): void => {
    const definition = reader.tables.find((table) => table.entity === entity);
    for (const [name, input] of Object.entries(definition?.options.build?.inputs ?? {}))
      visit(reader, entity, name, input);
  };
  const visit = (reader: Datakit, by: AnyEntity, name: string, input: AnyEntity): void => {
    const owner = ownerOf(input, reader);
    if (!owner) throw placeless(tableName(by), name);
    if (visited.has(input)) return;
    visited.add(input);
    const { build } = owner.tables.find((table) => table.entity === input)?.options ?? {};
    if (isView(build)) return visitInputs(owner, input);
    if (owner === datakit) return;
    const isFilled = owner.source !== undefined || build !== undefined;
    found.set(input, { owner, name: tableName(input), table: physicalName(owner, tableName(input), engine), isFilled });
  };
  for (const { entity } of datakit.tables) visitInputs(datakit, entity);
  return [...found.values()];
}

/**
 * Makes sure that the target holds what the builds read.
 *
 * @throws NOT_DEPLOYED naming the datakits whose tables are missing
 * @throws NOT_LOADED naming the tables that were never filled
 */
export async function requireInputs(
  upstream: readonly UpstreamTable[],
  datakit: Datakit,
  engine: Engine,
  session: Session,
): Promise<void> {
  const live = await engine.readTables(
    session,
    upstream.map(({ table }) => table),
  );
  const there = new Set(live.map(({ table }) => nameOf(table)));
  const missing = upstream.filter(({ table }) => !there.has(nameOf(table)));
  if (missing.length > 0) {
    throw new DatakitError({
      code: 'NOT_DEPLOYED',
      message: `"${datakit.name}" reads tables that are not in this target: ${missing.map(shown).join(', ')}.`,
      hint: `Run "deploy" and "ingest" of ${ownersOf(missing)} on this target first; layers that build on each other lie in one database.`,
      details: { tables: missing.map(shown) },
    });
  }
  const { loads } = new Ledger(engine, session);
  const empty: UpstreamTable[] = [];
  for (const table of upstream) {
    if (table.isFilled && !(await loads.latest(table.owner.name, table.name))) empty.push(table);
  }
  if (empty.length === 0) return;
  throw new DatakitError({
    code: 'NOT_LOADED',
    message: `"${datakit.name}" reads tables that were never filled here: ${empty.map(shown).join(', ')}.`,
    hint: `Run "ingest" of ${ownersOf(empty)} on this target first.`,
    details: { tables: empty.map(shown) },
  });
}

function nameOf({ schema, name }: TableName): string {
  return `${schema ?? ''}.${name}`;
}

function shown({ owner, name }: UpstreamTable): string {
  return `${owner.name}.${name}`;
}

function ownersOf(tables: readonly UpstreamTable[]): string {
  return [...new Set(tables.map(({ owner }) => `"${owner.name}"`))].join(', ');
}
