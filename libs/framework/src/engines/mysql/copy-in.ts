import type { Readable } from 'node:stream';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { CopyIn, CopyInRequest } from '../copy-in.ts';
import type { Session } from '../session.ts';
import type { MysqlSession } from './connect.ts';
import { insertRows } from './insert-rows.ts';
import { lacking } from './lossy-values.ts';
import { loadData } from './load-data.ts';
import { badRows, rowErrors } from './row-errors.ts';
import { serverError } from './server-error.ts';

/** LOAD DATA LOCAL INFILE from the source's stream; prepared statements where the server has that switched off. */
export const copyIn: CopyIn = {
  formats: ['text-rows'],
  addsConstants: true,
  lacks: lacking,
  write: async (session: Session, request: CopyInRequest, rows: Readable): Promise<number> => {
    try {
      const write = (await takesFiles(session)) ? loadData : insertRows;
      return await write(session as MysqlSession, request, rows);
    } catch (error) {
      const { errno = 0, sqlMessage = '' } = error as { errno?: number; sqlMessage?: string };
      if (!(error instanceof DatakitError) && rowErrors[errno] !== undefined) {
        throw badRows(request, errno, sqlMessage);
      }
      throw serverError(error, `write rows into ${request.table.name}`);
    } finally {
      // The server may have refused before it read to the end.
      if (!rows.readableEnded) rows.destroy();
    }
  },
  slowWay: async (session) =>
    (await takesFiles(session)) ? undefined : 'by prepared statements, because local_infile is off on the server',
};

async function takesFiles(session: Session): Promise<boolean> {
  const [row] = await session.query<{ allowed: number }>('select @@local_infile as allowed');
  return row?.allowed === 1;
}
