import { createHash } from 'node:crypto';
import type { Template } from '../engine.ts';
import type { Place } from '../place.ts';
import type { Session } from '../session.ts';
import { connect } from './connect.ts';
import { isThere } from './maintenance.ts';
import { isTaken, makeDatabase, signOfOurs, sqlState, underCreationLock, unfinishedName } from './new-databases.ts';
import { quote, quoteLiteral } from './quote.ts';
import { prepareSpare } from './spare-databases.ts';

type PostgresPlace = Extract<Place, { engine: 'postgres' }>;

/** What the names of templates, and of copies that wait for their use, begin with. */
export const templatePrefix = 'datakit_template_';

/** Between the name of a template and a number: a copy that waits. */
export const spareInfix = '_spare_';

/**
 * Makes a database from the template of a key. A copy that was made beforehand only needs its name, which takes
 * milliseconds; after it another one is prepared, while the caller goes on.
 *
 * @returns false when another run made the database meanwhile
 */
export async function copyTemplate(server: Session, place: PostgresPlace, template: Template): Promise<boolean> {
  const name = `${templatePrefix}${createHash('sha256').update(template.key).digest('hex').slice(0, 16)}`;
  const made = (await takeSpare(server, name, place.database)) ?? (await copy(server, place, name, template));
  if (!made) return false;
  try {
    await using session = await connect(place);
    await template.adopt(session);
  } catch (error) {
    await server.execute(`drop database if exists ${quote(place.database)} with (force)`).catch(() => undefined);
    throw error;
  }
  prepareSpare(place, name);
  return true;
}

/** Gives a copy that waits its name. @returns undefined where none waits, false where the name is taken */
async function takeSpare(server: Session, template: string, database: string): Promise<boolean | undefined> {
  const spares = await server.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, ?) order by oid',
    [`${template}${spareInfix}`],
  );
  for (const { name } of spares) {
    try {
      await server.execute(`alter database ${quote(name)} rename to ${quote(database)}`);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      // 3D000: another run took it; 55006: it is not finished.
      if (!['3D000', '55006'].includes(sqlState(error))) throw error;
    }
  }
  return undefined;
}

/** @returns false where the name is taken */
async function copy(server: Session, place: PostgresPlace, name: string, template: Template): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if (!(await isThere(server, name))) await buildTemplate(server, place, name, template);
    try {
      await server.execute(`create database ${quote(place.database)} template ${quote(name)}`);
      await server.execute(`comment on database ${quote(place.database)} is ${quoteLiteral(signOfOurs)}`);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      // 3D000: somebody pruned the template since.
      if (sqlState(error) !== '3D000' || attempt === 3) throw error;
    }
  }
}

/** Under a name of ours first, so that a killed run leaves no half template; nobody can connect to a whole one. */
async function buildTemplate(server: Session, place: PostgresPlace, name: string, template: Template): Promise<void> {
  const unfinished = unfinishedName(name);
  await underCreationLock(place, unfinished, async () => {
    if (await isThere(server, name)) return;
    await makeDatabase(server, place, unfinished, { fill: (session) => template.build(session) });
    await server.execute(`alter database ${quote(unfinished)} allow_connections false`);
    await server.execute(`alter database ${quote(unfinished)} rename to ${quote(name)}`);
  });
}
