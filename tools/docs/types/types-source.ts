import type { TestPostgres } from '@datakit/framework/testing';
import type { SourceValue } from './compare-value.ts';
import { psqlReader } from './readers.ts';
import type { SourceType, SourceTypes } from './source-type.ts';

const database = 'types_source';
const password = 'reader';

/** A table of the source, with what it holds. */
export interface TypesTable extends SourceType {
  readonly name: string;
  readonly expected: readonly SourceValue[];
}

/**
 * A PostgreSQL with one table for each type. What a session reads are views that show some of the rows: those whose ids
 * are in its user's name.
 */
export class TypesSource {
  readonly tables: readonly TypesTable[];
  readonly #server: TestPostgres;
  readonly #roles = new Set<string>();

  private constructor(server: TestPostgres, tables: readonly TypesTable[]) {
    this.#server = server;
    this.tables = tables;
  }

  static async write(server: TestPostgres, { setup, types }: SourceTypes): Promise<TypesSource> {
    for (const name of [database, 'types_target']) await server.psql('postgres', `create database ${name}`);
    await server.psql('types_target', 'create extension hstore; create extension citext');
    const isShown = `case when session_user ~ '^rows_' then id = any (string_to_array(substr(session_user, 6), '_')::integer[]) else true end`;
    const statements = types.flatMap(({ type, values }, index) => [
      `create table whole.t${index} (id integer primary key, value ${type})`,
      ...values.map(({ sql }, id) => `insert into whole.t${index} values (${id}, (${sql})::${type})`),
      `create view t${index} as select * from whole.t${index} where ${isShown}`,
      `grant select on t${index} to public`,
    ]);
    await server.psql(database, [setup, 'create schema whole', ...statements].join(';\n'));
    const names = types.map((type, index) => ({ name: `t${index}`, type: type.type, files: [] }));
    const stored = await psqlReader(server, database, 'whole')(names);
    const tables = await Promise.all(
      types.map(async (type, index): Promise<TypesTable> => {
        const texts = type.values.map((_, id) => stored.get(`t${index}`)?.get(id)?.text);
        const arrays = type.type.endsWith('[]') ? await arrayTexts(server, `whole.t${index}`) : [];
        const expected = texts.map((text, id) => ({ text, json: arrays[id]?.[0], texts: arrays[id]?.[1] }));
        return { ...type, name: `t${index}`, expected: type.type === 'boolean' ? expected.map(inWords) : expected };
      }),
    );
    return new TypesSource(server, tables);
  }

  /** The address of a source that shows these rows only; of all where none are named. */
  async url(ids?: readonly number[]): Promise<string> {
    if (!ids) return this.#server.url(database);
    const role = `rows_${ids.join('_')}`;
    if (!this.#roles.has(role)) await this.#server.psql(database, `create role ${role} login password '${password}'`);
    this.#roles.add(role);
    const url = new URL(this.#server.url(database));
    Object.assign(url, { username: role, password });
    return url.href;
  }
}

/** Each array as JSON, with its elements as they are and as texts. */
async function arrayTexts(server: TestPostgres, table: string): Promise<[string | undefined, string | undefined][]> {
  const lines = await server.psql(
    database,
    `set timezone = 'UTC'; set intervalstyle = 'postgres'; select to_json(array[array_to_json(value)::text, array_to_json(value::text[])::text]) from ${table} order by id`,
  );
  return lines.split('\n').map((line) => JSON.parse(line) as [string | undefined, string | undefined]);
}

/** The server prints `t` and `f`, and every other program `true` and `false`. */
function inWords(value: SourceValue): SourceValue {
  const words: Readonly<Record<string, string>> = { t: 'true', f: 'false' };
  return value.text === undefined ? value : { ...value, text: words[value.text] ?? value.text };
}
