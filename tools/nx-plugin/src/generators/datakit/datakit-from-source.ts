import type { Tree } from '@nx/devkit';
import {
  byName,
  describeSource,
  draftEntities,
  draftSource,
  printEntity,
  printEntry,
  sourceChanges,
  typeText,
  type DescribedSource,
  type SourceQuestion,
} from '@datakit/framework/scaffold';
import { DatakitError } from '@datakit/framework/options';
import { mergeFiles } from '../merge/merge-files.ts';
import { projectFiles, type ProjectFacts } from '../project-files.ts';
import { tell } from '../tell.ts';
import { variableOf } from '../readme-text.ts';
import { writeFiles, type Files } from '../write-files.ts';
import { readRecord, recordPath, recordText, type SourceRecord } from './source-record.ts';

/** What is asked of a source. */
export type SourceOptions = Omit<SourceQuestion, 'system' | 'workspaceRoot'> & { readonly urlVariable?: string };

/** Where the datakit is, and whether it is there already. */
export type SourceFacts = ProjectFacts & { readonly isThere: boolean };

/**
 * Writes a bronze datakit whose entities are the tables of a live source. One that is there follows what changed in the
 * source since the last time; what somebody changed by hand stays as it is, and is named where the source changed it, too.
 */
export async function datakitFromSource(tree: Tree, facts: SourceFacts, options: SourceOptions): Promise<void> {
  const { name, layer, subject, root, isThere } = facts;
  if (layer !== 'bronze') {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: `--from writes bronze datakits, and "${name}" is of layer ${layer}.`,
      hint: 'Only bronze reads from a source; silver and gold read from the layer below.',
    });
  }
  const record = isThere ? readRecord(tree, root) : undefined;
  const schema = options.schema ?? record?.schema;
  const source = await describeSource({
    ...options,
    ...(schema === undefined ? {} : { schema }),
    system: subject,
    workspaceRoot: tree.root,
  });
  const variable = /^\$\{(\w+)\}$/.exec(options.from)?.[1];
  const urlVariable = options.urlVariable ?? record?.urlVariable ?? variable ?? variableOf(subject);
  const now = newRecord(source, record, urlVariable);
  const written = await mergeFiles(tree, {
    base: record ? sourceFiles(facts, record) : {},
    wanted: sourceFiles(facts, now),
  });
  const kept = written.conflicts.length === 0 ? now : withConflicts(now, record, facts, written.conflicts);
  const guessed = now.tables.flatMap(({ name: table, columns }) =>
    columns.filter((column) => column.guessed).map(({ name: column, type }) => `${table}.${column} ${typeText(type)}`),
  );
  if (!isThere) await writeFiles(tree, projectFiles(tree, { ...facts, urlVariable, guessed }));
  await writeFiles(tree, { [recordPath(root)]: recordText(kept) });
  if (record) for (const line of sourceChanges(record.tables, now.tables)) tell(line);
  for (const { path, what } of written.conflicts)
    tell(`Left as somebody wrote it; the source says otherwise: ${path}: ${what}`);
  for (const line of source.leftOut) tell(line);
  tell(`An ingest reads from where ${urlVariable} points to: set it in the environment or in .env.`);
}

/** Tables that were not asked for this time stay as they were; those that the source has no more go. */
function newRecord(source: DescribedSource, record: SourceRecord | undefined, urlVariable: string): SourceRecord {
  const others = (record?.tables ?? []).filter(
    ({ name }) => source.names.includes(name) && !source.tables.some((table) => table.name === name),
  );
  const { kind, schema } = source;
  return {
    kind,
    urlVariable,
    ...(schema === undefined ? {} : { schema }),
    tables: [...source.tables, ...others].toSorted(byName),
  };
}

/** What differs stays recorded as it was, so that the next run tells it again. */
function withConflicts(
  now: SourceRecord,
  record: SourceRecord | undefined,
  { root }: SourceFacts,
  conflicts: readonly { readonly path: string }[],
): SourceRecord {
  const paths = new Set(conflicts.map(({ path }) => path));
  if (paths.has(entryPath(root))) return record ?? { ...now, tables: [] };
  const files = new Map(draftEntities(now.tables).map(({ fileName }, index) => [now.tables[index], fileName]));
  return {
    ...now,
    tables: now.tables.flatMap((table) => {
      if (!paths.has(`${root}/src/${files.get(table)}.ts`)) return [table];
      return record?.tables.filter(({ name }) => name === table.name) ?? [];
    }),
  };
}

const entryPath = (root: string): string => `${root}/src/index.ts`;

function sourceFiles({ name, layer, subject, root }: SourceFacts, record: SourceRecord): Files {
  const entities = draftEntities(record.tables);
  const entry = printEntry({
    name,
    layer,
    summary: `The tables of ${subject} as their source has them.`,
    source: draftSource(record.kind, subject, record.urlVariable, record.schema),
    entities,
  });
  return {
    [entryPath(root)]: entry,
    ...Object.fromEntries(entities.map((entity) => [`${root}/src/${entity.fileName}.ts`, printEntity(entity)])),
  };
}
