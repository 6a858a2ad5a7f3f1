import { DatakitError } from '../../errors/datakit-error.ts';
import type { ServerFailureDetails } from '../keeper/kept-server.ts';

/** The one error of this server: what went wrong, the last lines of its log, what to do. */
export function serverFailed(reason: string, { log = [], hint, cause }: ServerFailureDetails = {}): DatakitError {
  return new DatakitError({
    code: 'SERVER_FAILED',
    message: [`The embedded PostgreSQL server failed: ${reason}`, ...log.map((line) => `  | ${line}`)].join('\n'),
    hint: hint ?? 'Look at the lines above, or use another target, for example sqlite_file or postgres_container.',
    cause,
  });
}
