import type { TablePart } from '../engines/structure-change.ts';
import type {
  ForeignKeyStructure,
  IndexStructure,
  TableStructure,
  TriggerStructure,
} from '../engines/table-structure.ts';

/** One way in which a live table differs from the declared one. */
export interface Difference {
  /** What differs, below the table: a column, an index name; empty for the table itself. */
  readonly object: string;
  readonly kind: string;
  readonly expected: string | null;
  readonly found: string | null;
  /** True for what is there beyond the declaration and hurts nobody: an index or a trigger made by hand. */
  readonly harmless: boolean;
  /** What would mend it. */
  readonly parts: readonly TablePart[];
}

/** Compares one live table with the declared one. An equal table gives no difference. */
export function compareTables(expected: TableStructure, found: TableStructure): Difference[] {
  return [
    ...compareColumns(expected, found),
    ...comparePrimaryKeys(expected, found),
    ...compareIndexes(expected, found),
    ...compareForeignKeys(expected, found),
    ...compareChecks(expected, found),
    ...compareTriggers(expected, found),
  ];
}

function compareColumns(expected: TableStructure, found: TableStructure): Difference[] {
  const live = new Map(found.columns.map((column) => [column.name, column]));
  const declared = new Set(expected.columns.map((column) => column.name));
  const changes = expected.columns.flatMap((to): Difference[] => {
    const from = live.get(to.name);
    const base = { object: to.name, harmless: false };
    if (!from) {
      return [
        {
          ...base,
          kind: 'column missing',
          expected: to.type,
          found: null,
          parts: [{ kind: 'add column', column: to }],
        },
      ];
    }
    const differences: Difference[] = [];
    if (from.type !== to.type) {
      differences.push({
        ...base,
        kind: 'type',
        expected: to.type,
        found: from.type,
        parts: [{ kind: 'change type', from, to }],
      });
    }
    if (from.nullable !== to.nullable) {
      const words = (nullable: boolean): string => (nullable ? 'nullable' : 'not null');
      differences.push({
        ...base,
        kind: 'nullability',
        expected: words(to.nullable),
        found: words(from.nullable),
        parts: [{ kind: 'change nullability', from, to }],
      });
    }
    if (!isSameDefault(from.default, to.default)) {
      differences.push({
        ...base,
        kind: 'default',
        expected: to.default,
        found: from.default,
        parts: [{ kind: 'change default', from, to }],
      });
    }
    if (from.identity !== to.identity) {
      const words = (identity: boolean): string => (identity ? 'identity' : 'no identity');
      differences.push({
        ...base,
        kind: 'identity',
        expected: words(to.identity),
        found: words(from.identity),
        parts: [{ kind: 'change identity', from, to }],
      });
    }
    return differences;
  });
  const extra = found.columns
    .filter((column) => !declared.has(column.name))
    .map((column): Difference => ({
      object: column.name,
      kind: 'column not declared',
      expected: null,
      found: column.type,
      harmless: false,
      parts: [{ kind: 'drop column', column }],
    }));
  return [...changes, ...extra];
}

/** Servers show an expression with blanks and parentheses of their own; literals compare letter for letter. */
function isSameDefault(from: string | null, to: string | null): boolean {
  if (from === null || to === null) return from === to;
  const normal = (text: string): string => text.replaceAll(/('(?:[^']|'')*')|[\s()]/g, '$1');
  return normal(from) === normal(to);
}

function comparePrimaryKeys(expected: TableStructure, found: TableStructure): Difference[] {
  const [to, from] = [expected.primaryKey, found.primaryKey];
  if (to.join('\0') === from.join('\0')) return [];
  const words = (key: readonly string[]): string | null => (key.length === 0 ? null : key.join(', '));
  return [
    {
      object: '',
      kind: 'primary key',
      expected: words(to),
      found: words(from),
      harmless: false,
      parts: [{ kind: 'change primary key', from, to }],
    },
  ];
}

function compareIndexes(expected: TableStructure, found: TableStructure): Difference[] {
  const words = (index: IndexStructure): string =>
    `${index.unique ? 'unique ' : ''}${index.method} (${index.columns.join(', ')})${index.invalid ? ', invalid' : ''}`;
  return byName(expected.indexes, found.indexes, words, 'index', (kind, index) => ({ kind: `${kind} index`, index }));
}

function compareForeignKeys(expected: TableStructure, found: TableStructure): Difference[] {
  const words = ({ columns, references, onDelete, onUpdate }: ForeignKeyStructure): string =>
    `(${columns.join(', ')}) references ${references.table.name} (${references.columns.join(', ')}) on delete ${onDelete} on update ${onUpdate}`;
  // Not every engine keeps the names of foreign keys, so they are known by their columns.
  const keyed = (keys: readonly ForeignKeyStructure[]): { name: string; foreignKey: ForeignKeyStructure }[] =>
    keys.map((foreignKey) => ({ name: foreignKey.columns.join(', '), foreignKey }));
  return byName(
    keyed(expected.foreignKeys),
    keyed(found.foreignKeys),
    ({ foreignKey }) => words(foreignKey),
    'foreign key',
    (kind, { foreignKey }) => ({ kind: `${kind} foreign key`, foreignKey }),
  );
}

function compareChecks(expected: TableStructure, found: TableStructure): Difference[] {
  return byName(
    expected.checks,
    found.checks,
    (check) => check.name,
    'check',
    (kind, check) => ({ kind: `${kind} check`, check }),
  );
}

function compareTriggers(expected: TableStructure, found: TableStructure): Difference[] {
  const words = ({ runs, does, enabled }: TriggerStructure): string =>
    `${runs}, body ${does}${enabled ? '' : ', disabled'}`;
  return byName(expected.triggers, found.triggers, words, 'trigger', (kind, trigger) => ({
    kind: `${kind} trigger`,
    trigger,
  }));
}

/** Missing, changed and extra things of one kind; a change is a drop and an add. */
function byName<Thing extends { readonly name: string }>(
  expected: readonly Thing[],
  found: readonly Thing[],
  words: (thing: Thing) => string,
  what: string,
  part: (kind: 'add' | 'drop', thing: Thing) => TablePart,
): Difference[] {
  const live = new Map(found.map((thing) => [thing.name, thing]));
  const declared = new Set(expected.map((thing) => thing.name));
  const missingOrChanged = expected.flatMap((to): Difference[] => {
    const from = live.get(to.name);
    const base = { object: to.name, harmless: false, expected: words(to) };
    if (!from) return [{ ...base, kind: `${what} missing`, found: null, parts: [part('add', to)] }];
    if (words(from) === words(to)) return [];
    return [{ ...base, kind: what, found: words(from), parts: [part('drop', from), part('add', to)] }];
  });
  const extra = found
    .filter((thing) => !declared.has(thing.name))
    .map((thing): Difference => ({
      object: thing.name,
      kind: `${what} not declared`,
      expected: null,
      found: words(thing),
      harmless: true,
      parts: [part('drop', thing)],
    }));
  return [...missingOrChanged, ...extra];
}
