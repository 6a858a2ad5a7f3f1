import { markerOf } from '../deploy/disposable.ts';
import type { Place } from '../engines/place.ts';
import { toDatakitError } from '../errors/datakit-error.ts';
import type { DatabaseKind } from '../ledger/database-marker.ts';
import { targetNames } from '../targets/check-target-request.ts';
import { placeOfOthers } from '../targets/open-place.ts';
import { resolveTarget, type TargetSettings } from '../targets/resolve-target.ts';
import { TargetDatabase } from '../targets/target-database.ts';

/** What the `targets` command shows of one target. */
export interface TargetState {
  readonly name: string;
  readonly engine: string;
  /** Absent for servers that are started on demand, and where the definition cannot be resolved. */
  readonly place?: Place;
  /** The image of a container target; nothing answers at its own address where `place` is absent. */
  readonly image?: string;
  readonly state: 'ready' | 'no database yet' | 'on demand' | 'not configured' | 'unreachable';
  /** What the database is to us, where it or the target's definition says so. */
  readonly kind?: DatabaseKind;
  /** When `targets --prune` may drop it: ISO 8601. */
  readonly expiresAt?: string;
  /** Why it is not reachable: the error's code. */
  readonly problem?: string;
}

/** Looks at every target of a workspace. Starts no server and creates nothing. */
export async function inspectTargets(settings: TargetSettings): Promise<TargetState[]> {
  return Promise.all(targetNames(settings.targets).map((name) => inspectTarget(name, settings)));
}

async function inspectTarget(name: string, settings: TargetSettings): Promise<TargetState> {
  let engine: string = settings.targets?.[name]?.type ?? 'unknown';
  let place: Place | undefined;
  let container: Pick<TargetState, 'image'> = {};
  try {
    const target = resolveTarget({ name }, settings);
    const { where } = target;
    if (where.kind === 'embedded') engine = 'postgres';
    if (where.kind === 'container') {
      engine = where.specification.engine;
      container = { image: where.specification.image };
    }
    place = await placeOfOthers(where);
    if (!place) return { name, engine, ...container, state: 'on demand' };
    engine = place.engine;
    if (target.inMemory) return { name, engine, place, state: 'on demand' };
    await using database = await TargetDatabase.open({ ...target, where: { kind: 'place', place } });
    // A server may have said that it is another engine than the target took it for.
    ({ place } = database);
    engine = place.engine;
    const declared = target.protected ? ({ kind: 'protected' } as const) : {};
    if (!(await database.exists())) {
      return { name, engine, place, ...container, state: 'no database yet', ...declared };
    }
    return { name, engine, place, ...container, state: 'ready', ...(await readMarker(database)), ...declared };
  } catch (error) {
    const { code, details } = toDatakitError(error, 'looking at a target');
    if (details['variables']) return { name, engine, state: 'not configured', problem: code };
    return { name, engine, ...(place ? { place } : {}), ...container, state: 'unreachable', problem: code };
  }
}

async function readMarker(database: TargetDatabase): Promise<Pick<TargetState, 'kind' | 'expiresAt'>> {
  const session = await database.connect({ readOnly: true });
  const marker = await markerOf(database, session);
  return marker ? { kind: marker.kind, ...(marker.expiresAt ? { expiresAt: marker.expiresAt } : {}) } : {};
}
