import type { Engine } from '../engines/engine.ts';
import type { TablePart } from '../engines/structure-change.ts';
import type { TableName, TableStructure } from '../engines/table-structure.ts';
import type { LedgerObject } from '../ledger/created-objects.ts';

/** A table by one text, as the ledger knows it. */
export function qualified(table: TableName): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

/** Everything of a table that a deployment creates with it. */
export function objectsOf(structure: TableStructure): LedgerObject[] {
  const table = qualified(structure.table);
  return [
    { kind: 'table', object: table },
    ...structure.columns.map((column) => ({ kind: 'column', object: `${table}.${column.name}` })),
    ...structure.indexes.map((index) => ({ kind: 'index', object: `${table}.${index.name}` })),
    ...structure.foreignKeys.map((key) => ({ kind: 'foreign key', object: `${table}.${key.columns.join(', ')}` })),
    ...structure.checks.map((check) => ({ kind: 'check', object: `${table}.${check.name}` })),
    ...structure.triggers.map((trigger) => ({ kind: 'trigger', object: `${table}.${trigger.name}` })),
  ];
}

/** The object that one part of an alteration adds or drops; undefined where it only changes one. */
export function objectOfPart(table: TableName, part: TablePart): LedgerObject | undefined {
  const name = qualified(table);
  switch (part.kind) {
    case 'add column':
    case 'drop column':
      return { kind: 'column', object: `${name}.${part.column.name}` };
    case 'change type':
    case 'change nullability':
    case 'change default':
    case 'change identity':
      return { kind: 'column', object: `${name}.${part.to.name}` };
    case 'add index':
    case 'drop index':
      return { kind: 'index', object: `${name}.${part.index.name}` };
    case 'add foreign key':
    case 'drop foreign key':
      return { kind: 'foreign key', object: `${name}.${part.foreignKey.columns.join(', ')}` };
    case 'add check':
    case 'drop check':
      return { kind: 'check', object: `${name}.${part.check.name}` };
    case 'add trigger':
    case 'drop trigger':
      return { kind: 'trigger', object: `${name}.${part.trigger.name}` };
    case 'change primary key':
      return undefined;
  }
}

/** The table behind a name in the ledger. */
export function tableOfObject(name: string, engine: Engine): TableName {
  const dot = name.indexOf('.');
  return engine.supportsSchemas && dot > 0 ? { schema: name.slice(0, dot), name: name.slice(dot + 1) } : { name };
}
