import { defineEntity, p } from '@mikro-orm/core';
import {
  DatakitError,
  defineDatakit,
  deploy,
  ingest,
  openTarget,
  postgresSource,
  table,
  type Datakit,
  type TargetDatabase,
} from '@datakit/framework';
import { compareValue, type Verdict } from './compare-value.ts';
import type { LoadedTable, Place } from './place.ts';
import type { TypesSource, TypesTable } from './types-source.ts';

/** What became of one value; the code where its load was refused. */
export type Outcome = Verdict | { readonly refused: string };

/** What one place does with one type. */
export interface TypeObservation {
  readonly type: string;
  readonly place: string;
  /** The types of the column that holds it. */
  readonly storedAs: readonly string[];
  /** `lossy` is the outcome in a column that is declared so. */
  readonly values: readonly { readonly label: string; readonly outcome: Outcome; readonly lossy: Outcome }[];
}

/** Ingests every table of the source into one place, and where that is refused finds out which values do it. */
export async function observePlace(place: Place, source: TypesSource, out: string): Promise<TypeObservation[]> {
  const [exact, lossy] = [datakitOf(source.tables, false), datakitOf(source.tables, true)];
  await using database = await openTarget(place.target);
  await deploy(exact, database);
  const loader = new Loader(place, source, database, out);
  const refusals = new Map<string, ReadonlyMap<number, string>>();
  for (const each of source.tables) {
    const code = await loader.load(exact, each);
    if (code === undefined) continue;
    const refused = await loader.refusedRows(exact, each);
    refusals.set(each.name, refused);
    const kept = each.values.flatMap((_, id) => (refused.has(id) ? [] : [id]));
    if ((await loader.load(exact, each, kept)) !== undefined) throw new Error(`${each.type}: ${code}, but for no row`);
  }
  const whenExact = await loader.outcomes();
  const lossyCodes = new Map<string, string | undefined>();
  for (const each of source.tables.filter(({ name }) => refusals.has(name))) {
    lossyCodes.set(each.name, await loader.load(lossy, each));
  }
  const whenLossy = await loader.outcomes();
  return source.tables.map((each) => ({
    type: each.type,
    place: place.name,
    storedAs: whenExact.get(each.name)?.storedAs ?? [],
    values: each.values.map(({ label }, id) => {
      const refused = refusals.get(each.name)?.get(id);
      const lossyCode = lossyCodes.get(each.name);
      const found = (of: typeof whenExact): Verdict => of.get(each.name)?.verdicts.get(id) ?? 'changed';
      return {
        label,
        outcome: refused === undefined ? found(whenExact) : { refused },
        lossy: lossyCode === undefined ? found(whenLossy) : { refused: lossyCode },
      };
    }),
  }));
}

class Loader {
  readonly #place: Place;
  readonly #source: TypesSource;
  readonly #database: TargetDatabase;
  readonly #out: string;
  readonly #loaded = new Map<string, LoadedTable>();

  constructor(place: Place, source: TypesSource, database: TargetDatabase, out: string) {
    this.#place = place;
    this.#source = source;
    this.#database = database;
    this.#out = out;
  }

  /** @returns the code of the refusal */
  async load(datakit: Datakit, { name, type }: TypesTable, ids?: readonly number[]): Promise<string | undefined> {
    try {
      const sourceUrl = await this.#source.url(ids);
      const options = { tables: [name], formats: [this.#place.format], out: this.#out, sourceUrl };
      const { tables } = await ingest(datakit, this.#database, options);
      this.#loaded.set(name, { name, type, files: tables[0]?.files ?? [] });
      return undefined;
    } catch (error) {
      if (!(error instanceof DatakitError)) throw error;
      const names = /\bvalue \(|\.value:/.test(error.message);
      return names ? error.code : `${error.code}, without naming the column: ${error.message}`;
    }
  }

  /** The rows that are refused when they are alone, with their codes. */
  async refusedRows(datakit: Datakit, each: TypesTable): Promise<Map<number, string>> {
    const refused = new Map<number, string>();
    for (const id of each.values.keys()) {
      const code = await this.load(datakit, each, [id]);
      if (code !== undefined) refused.set(id, code);
    }
    return refused;
  }

  /** What lies in the place now. */
  async outcomes(): Promise<Map<string, { storedAs: string[]; verdicts: Map<number, Verdict> }>> {
    const stored = await this.#place.read([...this.#loaded.values()]);
    return new Map(
      this.#source.tables.map(({ name, type, expected }) => {
        const values = [...(stored.get(name) ?? [])];
        const storedAs = [...new Set(values.map(([, value]) => value.storedAs))].filter(Boolean).sort();
        const verdicts = values.map(([id, value]): [number, Verdict] => [
          id,
          compareValue(type, expected[id]!, value, this.#place),
        ]);
        return [name, { storedAs, verdicts: new Map(verdicts) }];
      }),
    );
  }
}

function datakitOf(tables: readonly TypesTable[], isLossy: boolean): Datakit {
  return defineDatakit({
    name: 'types',
    layer: 'bronze',
    source: postgresSource({ system: 'types', url: '${GIVEN_WITH_EACH_INGEST}' }),
    tables: tables.map(({ name, type, declared = type }) =>
      table(
        defineEntity({
          name,
          tableName: name,
          properties: { id: p.integer().primary(), value: p.string().columnType(declared).nullable() },
        }),
        isLossy ? { lossy: ['value'] } : {},
      ),
    ),
  });
}
