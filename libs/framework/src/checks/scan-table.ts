import type { Engine } from '../engines/engine.ts';
import type { Row, Session } from '../engines/session.ts';
import { countOf } from '../report/count-of.ts';
import { formatTimeSpan } from '../model/time-span.ts';
import type { Check, CountCheck, NewestCheck } from './check.ts';
import type { CheckedTable } from './checked-table.ts';
import { portableConstant } from './constants.ts';
import type { Outcome } from './run-checks.ts';

/** Servers bound the columns of a result; SQLite, the strictest, takes 2,000. */
const checksPerScan = 500;

/** One scan for everything that each row decides for itself, or that is counted. @returns the checks that fail */
export async function scanTable(
  table: CheckedTable,
  checks: readonly Check[],
  engine: Engine,
  session: Session,
): Promise<Outcome[]> {
  const scanned = checks.filter(({ way }) => way.by !== 'statement');
  const needsClock = scanned.some(({ way }) => way.by === 'newest');
  const now = needsClock ? await readClock(engine, session) : 0;
  const outcomes: Outcome[] = [];
  for (let from = 0; from < scanned.length; from += checksPerScan) {
    const part = scanned.slice(from, from + checksPerScan);
    const items = part.map((check, index) => `${aggregate(check, engine, now)} as c${index}`);
    const [row] = await session.query<Row>(
      `select count(*) as total, ${items.join(', ')} from ${engine.quoteTable(table.structure.table)}`,
    );
    const total = Number(row!['total']);
    outcomes.push(...part.flatMap((check, index) => judge(check, row![`c${index}`], total, now) ?? []));
  }
  return outcomes;
}

async function readClock(engine: Engine, session: Session): Promise<number> {
  const [row] = await session.query<{ now: string }>(`select ${engine.valueConditions.now} as now`);
  return instantMs(row!.now);
}

function aggregate({ way }: Check, engine: Engine, now: number): string {
  switch (way.by) {
    case 'row':
      return `count(case when ${way.failing} then 1 end)`;
    case 'count':
      return `count(case when ${way.condition} then 1 end)`;
    case 'newest': {
      const { compare, text } = engine.valueConditions;
      const { quoted, type } = way.column;
      const ahead = new Date(now + way.maxAgeMs);
      if (type.kind === 'date') ahead.setUTCHours(0, 0, 0, 0);
      const counts = compare(quoted, type, '<=', portableConstant(ahead, type)!);
      return text(`max(case when ${way.condition} and ${counts} then ${quoted} end)`);
    }
    case 'statement':
      throw new TypeError('not a part of a scan');
  }
}

function judge(check: Check, value: unknown, total: number, now: number): Outcome | undefined {
  const { way } = check;
  if (way.by === 'count') return judgeCount(check, way, Number(value));
  if (way.by === 'newest') return judgeAge(check, way, value as string | null, now);
  const failed = Number(value);
  if (failed === 0) return undefined;
  return { check, failed, found: `${failed.toLocaleString('en')} of ${countOf(total, 'row')}` };
}

function judgeCount(check: Check, { counts }: CountCheck, count: number): Outcome | undefined {
  const { min = 0, max = Infinity, equals = count } = counts;
  return count >= min && count <= max && count === equals ? undefined : { check, found: countOf(count, 'row') };
}

function judgeAge(check: Check, { maxAgeMs }: NewestCheck, newest: string | null, now: number): Outcome | undefined {
  if (newest === null) return { check, found: 'no row that counts' };
  const age = now - instantMs(newest);
  if (age <= maxAgeMs) return undefined;
  return { check, found: Number.isNaN(age) ? 'none in our era' : `the newest ${formatTimeSpan(age)} old` };
}

/** Every engine's text of a date or an instant in UTC. */
function instantMs(text: string): number {
  const [, date, time = '00:00:00', digits = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d+)?)?(?!.*BC)/.exec(text) ?? [];
  return date === undefined ? NaN : Date.parse(`${date}T${time}${digits.slice(0, 4)}Z`);
}
