import type { Place } from '../engines/place.ts';
import { DatakitError, toDatakitError } from '../errors/datakit-error.ts';
import { datakitHome } from '../settings/datakit-home.ts';
import { targetNames } from './check-target-request.ts';
import { resolveTarget, type TargetSettings } from './resolve-target.ts';
import { TargetDatabase } from './target-database.ts';

/** What the `targets` command shows of one target. */
export interface TargetState {
  readonly name: string;
  readonly engine: string;
  /** Absent for servers that are started on demand, and where the definition cannot be resolved. */
  readonly place?: Place;
  readonly state: 'ready' | 'no database yet' | 'on demand' | 'unreachable';
  /** What the database is to us, where it says so. */
  readonly kind?: string;
  /** Why it is not reachable: the error's code. */
  readonly problem?: string;
}

/** Looks at every target of a workspace. Starts no server and creates nothing. */
export async function inspectTargets(settings: TargetSettings): Promise<TargetState[]> {
  return Promise.all(targetNames(settings.targets).map((name) => inspectTarget(name, settings)));
}

async function inspectTarget(name: string, settings: TargetSettings): Promise<TargetState> {
  let engine = settings.targets?.[name]?.type ?? 'unknown';
  let place: Place | undefined;
  try {
    const target = resolveTarget({ name }, settings);
    if (target.where.kind === 'embedded') return { name, engine: 'postgres', state: 'on demand' };
    place = target.where.place;
    engine = place.engine;
    if (target.inMemory) return { name, engine, place, state: 'on demand' };
    await using database = await TargetDatabase.open(target);
    return { name, engine, place, state: (await database.exists()) ? 'ready' : 'no database yet' };
  } catch (error) {
    const { code } = error instanceof DatakitError ? error : toDatakitError(error, 'looking at a target');
    return { name, engine, ...(place ? { place } : {}), state: 'unreachable', problem: code };
  }
}

/** Stops the embedded server of this workspace if it was kept or left behind. @returns true when one ran */
export async function pruneServers(workspaceRoot: string): Promise<boolean> {
  const { stopEmbeddedServer } = await import('../engines/postgres/embedded-server.ts');
  return stopEmbeddedServer({ home: datakitHome(workspaceRoot) });
}
