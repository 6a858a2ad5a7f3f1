import { randomBytes } from 'node:crypto';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import { connectToMaintenance } from './maintenance.ts';
import { signOfOurs } from './new-databases.ts';
import { quote, quoteLiteral } from './quote.ts';
import { spareInfix, templatePrefix } from './templates.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** As many templates are kept; a copy waits for each that is in use. */
const keptTemplates = 10;

/**
 * Makes one copy of a template for the next run, unless one waits, and drops what is too much. Nobody waits for it:
 * where the process or the server ends first, there is no copy, and nothing else is amiss.
 */
export function prepareSpare(place: PostgresPlace, template: string): void {
  void prepare(place, template).catch(() => undefined);
}

async function prepare(place: PostgresPlace, template: string): Promise<void> {
  await using server = await connectToMaintenance(place);
  // The process may end meanwhile, and the server goes on to the end.
  (server.client as unknown as { unref(): void }).unref();
  await server.execute('set client_connection_check_interval = 0').catch(() => undefined);
  const names = await templateNames(server);
  const spare = `${template}${spareInfix}`;
  if (names.includes(template) && !names.some((name) => name.startsWith(spare))) {
    const name = `${spare}${randomBytes(4).toString('hex')}`;
    await server.execute(`create database ${quote(name)} template ${quote(template)}`);
    await server.execute(`comment on database ${quote(name)} is ${quoteLiteral(signOfOurs)}`);
  }
  const templates = names.filter((name) => !name.includes(spareInfix));
  for (const old of templates.slice(0, Math.max(0, templates.length - keptTemplates))) await dropTemplate(server, old);
}

/** Templates and the copies that wait, the oldest first. */
export async function templateNames(server: Session): Promise<string[]> {
  const rows = await server.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, ?) order by oid',
    [templatePrefix],
  );
  return rows.map(({ name }) => name);
}

async function dropTemplate(server: Session, template: string): Promise<void> {
  for (const name of await templateNames(server)) {
    if (name === template || name.startsWith(`${template}${spareInfix}`)) {
      await server.execute(`drop database if exists ${quote(name)}`);
    }
  }
}
