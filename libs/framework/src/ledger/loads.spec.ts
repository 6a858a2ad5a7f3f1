import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engine } from '../engines/sqlite/engine.ts';
import type { Session } from '../engines/session.ts';
import { Ledger } from './ledger.ts';
import { keptDays } from './loads.ts';

describe('old loads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'datakit-loads-'));
  let session: Session;
  let ledger: Ledger;
  beforeAll(async () => {
    const place = { engine: 'sqlite', file: join(folder, 'one.sqlite') } as const;
    await engine.createDatabase(place);
    session = await engine.connect(place);
    ledger = new Ledger(engine, session);
    await ledger.create('disposable', 'run', 1);
  });
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** An id as it is made so many days ago. */
  function idOf(daysAgo: number, end: string): string {
    const time = Math.floor(Date.now() - daysAgo * 86_400_000)
      .toString(16)
      .padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${end.padStart(12, '0')}`;
  }

  async function record(loadId: string, table: string, quarantined = 0): Promise<void> {
    await ledger.loads.record({
      ...{ loadId, runId: 'run', datakit: 'bronze-shop', table, sourceSystem: 's', sourceTable: 't', sourceHost: 'h' },
      ...{ extractionMethod: 'full_snapshot', disposition: 'replace', published: 'insert', formats: ['table'] },
      definition: '',
      ...{
        rowsRead: 1,
        rowsLoaded: 1,
        rowsQuarantined: quarantined,
        bytes: 1,
        startedAt: '2026-01-01T00:00:00.000000Z',
      },
    });
    if (quarantined === 0) return;
    await session.execute(
      `insert into _datakit_quarantine (load_id, reject, datakit, table_name, source_row, reason) values (?, 1, 'bronze-shop', ?, '{}', 'null')`,
      [loadId, table],
    );
  }

  it('are forgotten with what they set aside, those of other tables and younger ones are not', async () => {
    const young = [idOf(0, '1'), idOf(keptDays - 1, '2')];
    const other = idOf(keptDays + 10, '3');
    await record(idOf(keptDays + 1, '4'), 'item', 1);
    await record(idOf(keptDays + 100, '5'), 'item');
    for (const id of young) await record(id, 'item', 1);
    await record(other, 'order', 1);
    await ledger.loads.forgetOld('bronze-shop', 'item');
    const ids = async (table: string): Promise<unknown[]> =>
      (await session.query(`select load_id from _datakit_${table} order by load_id`)).map((row) => row['load_id']);
    expect(await ids('loads')).toEqual([...young, other].sort());
    expect(await ids('quarantine')).toEqual([...young, other].sort());
  });
});
