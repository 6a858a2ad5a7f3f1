import type { Place } from '../engines/place.ts';
import { DatakitError } from '../errors/datakit-error.ts';
import { answers } from './answers.ts';
import type { ContainerTarget } from './locate-container.ts';
import type { ResolvedTarget } from './resolve-target.ts';

/** How a target is opened. */
export interface OpenOptions {
  /** Leave a server that we start running afterwards. */
  readonly keep?: boolean;
  /** The run that this process is one of several of: those that come later find a container still there. */
  readonly partOf?: { readonly runId: string; readonly signal: AbortSignal };
  /** Hears, in a sentence, what takes its time before the target is open. */
  readonly onNote?: (note: string) => void;
}

/** Where a target's database is now, and what to give back at the end. */
export interface OpenedPlace {
  readonly place: Place;
  /** The server is ours: nobody else relies on it, and it has what we need. */
  readonly isOurServer: boolean;
  release(): Promise<void>;
}

/** Somebody who starts a server by hand may start us before it is ready. */
const startingTimeoutMs = 30_000;

/** Finds the place of a target, and starts the server where it is one of ours. @throws SERVER_FAILED, CONTAINER_FAILED */
export async function openPlace({ where }: ResolvedTarget, options: OpenOptions): Promise<OpenedPlace> {
  switch (where.kind) {
    case 'place':
      return somebodys(where.place);
    case 'embedded':
      return openEmbedded(where, options);
    case 'container':
      return openContainer(where, options);
  }
}

/**
 * Where a target's database is without a server of ours; undefined while only a server of ours can serve it.
 * Starts nothing.
 */
export async function placeOfOthers(where: ResolvedTarget['where']): Promise<Place | undefined> {
  if (where.kind === 'embedded') return undefined;
  const { kind, place } = where;
  return kind === 'place' || (place && (await answers(place))) ? place : undefined;
}

function somebodys(place: Place): OpenedPlace {
  return { place, isOurServer: false, release: async () => undefined };
}

async function openEmbedded(
  { home, database }: Extract<ResolvedTarget['where'], { kind: 'embedded' }>,
  { keep }: OpenOptions,
): Promise<OpenedPlace> {
  const { leaseEmbeddedServer } = await import('../servers/embedded-postgres/embedded-server.ts');
  const { release, ...address } = await leaseEmbeddedServer({ home, keep: keep ?? false });
  return { place: { engine: 'postgres', ...address, database }, isOurServer: true, release };
}

async function openContainer(where: ContainerTarget, { keep, partOf, onNote }: OpenOptions): Promise<OpenedPlace> {
  const { place, specification, home, database } = where;
  const others = await placeOfOthers(where);
  if (others) {
    const { untilReady } = await import('../servers/containers/until-ready.ts');
    await untilReady(others, startingTimeoutMs);
    return somebodys(others);
  }
  const nothing = place ? `Nothing answers at ${place.host}:${place.port}` : undefined;
  onNote?.(`${nothing ? `${nothing}: using` : 'Using'} a container of ${specification.image}.`);
  const { leaseContainer } = await import('../servers/containers/container-server.ts');
  try {
    const parent = process.ppid;
    const { release, ...address } = await leaseContainer(home, specification, keep);
    return {
      place: { engine: specification.engine, ...address, database },
      isOurServer: true,
      // Nobody comes after a process that was stopped, or whose parent is gone.
      release: () => release(partOf?.signal.aborted || process.ppid !== parent ? undefined : partOf?.runId),
    };
  } catch (error) {
    throw nothing && error instanceof DatakitError ? withWayOut(error, nothing, place?.port) : error;
  }
}

/** A container is only the second choice, and the first one is a way out. */
function withWayOut(
  { code, message, hint = '', details, cause }: DatakitError,
  nothing: string,
  port = 0,
): DatakitError {
  return new DatakitError({
    code,
    message: `${nothing}. ${message}`,
    hint: `${hint}\nA server that you start on port ${port} yourself is used as it is.`.trim(),
    details,
    cause,
  });
}
