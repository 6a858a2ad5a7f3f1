import type { Row, Session } from '../session.ts';
import type { TableName } from '../table-structure.ts';

interface User extends Row {
  readonly id: number;
  readonly user: string;
  readonly host: string;
  readonly since: string | null;
}

const columns = `p.id as id, p.user as user, substring_index(p.host, ':', 1) as host,
  (select date_format(x.trx_started, '%Y-%m-%d %H:%i:%s UTC') from information_schema.innodb_trx x
    where x.trx_mysql_thread_id = p.id) as since
  from information_schema.processlist p`;

/** What the servers know, the surest first: who has a lock, in both of their words, then who has been at work for longest. */
const questions = [
  `select ${columns} join performance_schema.threads t on t.processlist_id = p.id
     join performance_schema.metadata_locks m on m.owner_thread_id = t.thread_id
   where m.object_schema = database() and m.object_name in (?) and m.lock_status = 'GRANTED' and p.id <> connection_id()
   order by since limit 1`,
  `select ${columns} join information_schema.metadata_lock_info m on m.thread_id = p.id
   where m.table_schema = database() and m.table_name in (?) and p.id <> connection_id() order by since limit 1`,
  `select ${columns} join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
   where p.db = database() and p.id <> connection_id() and 'any' not in (?) order by t.trx_started limit 1`,
] as const;

/** Who uses one of the tables at this moment, or at least the database, as far as this user may see. */
export async function usersOf(session: Session, tables: readonly TableName[]): Promise<string | undefined> {
  if (tables.length === 0) return undefined;
  const places = tables.map(() => '?').join(', ');
  for (const question of questions) {
    // Neither every server has each of these tables, nor may every user read them.
    const [user] = await session
      .query<User>(
        question.replace('(?)', `(${places})`),
        tables.map(({ name }) => name),
      )
      .catch(() => []);
    if (user)
      return `process ${user.id} (user ${user.user} from ${user.host})${user.since ? ` since ${user.since}` : ''}`;
  }
  return undefined;
}
