import { DatakitError } from '../../errors/datakit-error.ts';
import type { ServerFailureDetails } from '../keeper/kept-server.ts';

/** The one error of containers: what went wrong, the last lines of the container's log, what to do. */
export function containerFailed(
  image: string,
  reason: string,
  { log = [], hint, cause }: ServerFailureDetails = {},
): DatakitError {
  return new DatakitError({
    code: 'CONTAINER_FAILED',
    message: [`The container of ${image} failed: ${reason}`, ...log.map((line) => `  | ${line}`)].join('\n'),
    hint: hint ?? 'Look at the lines above, or use a target that needs no container, for example postgres_embedded.',
    details: { image },
    cause,
  });
}

/** The first line of what Docker says, which names images and registries, never an environment. */
export function shortReason(error: unknown): string {
  const [line = ''] = String((error as Error)?.message ?? error).split('\n');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
