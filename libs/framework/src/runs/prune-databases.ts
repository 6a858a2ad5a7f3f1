import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import type { Place } from '../engines/place.ts';
import { toDatakitError } from '../errors/datakit-error.ts';
import { Ledger } from '../ledger/ledger.ts';
import { embeddedFiles } from '../servers/embedded-postgres/embedded-files.ts';
import { serverPlaces } from '../servers/embedded-postgres/places.ts';
import { targetNames } from '../targets/check-target-request.ts';
import { placeOfOthers } from '../targets/open-place.ts';
import { resolveTarget, type ResolvedTarget, type TargetSettings } from '../targets/resolve-target.ts';
import { TargetDatabase } from '../targets/target-database.ts';

type Where = ResolvedTarget['where'];

/** One thing that was removed. */
export interface Pruned {
  readonly removed: string;
  readonly name: string;
  /** The server, or what else it belonged to. */
  readonly where: string;
}

/**
 * Drops databases whose time to live is over, and what killed runs left, on every server of the targets that answers.
 * Starts the embedded server where it has data, because only it can tell. Nothing that a session uses is touched, and
 * no server of a protected target.
 */
export async function pruneDatabases(
  settings: TargetSettings,
  names: readonly string[] = targetNames(settings.targets),
): Promise<Pruned[]> {
  const pruned: Pruned[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    const target = findServer(name, settings);
    const where = target && !target.inMemory && !target.protected ? await serverWithData(target.where) : undefined;
    if (!target || !where || seen.has(serverOf(where))) continue;
    seen.add(serverOf(where));
    try {
      await using database = await TargetDatabase.open({ ...target, where });
      pruned.push(...(await pruneServer(database)));
    } catch (error) {
      // What does not answer has nothing that could be dropped; the list of targets says so.
      if (!['TARGET_UNREACHABLE', 'AUTH_FAILED'].includes(toDatakitError(error, 'pruning').code)) throw error;
    }
  }
  return pruned;
}

/** A target's server, also where the name of its database waits for a variable: `shop_pr_${PR_NUMBER}`. */
function findServer(name: string, settings: TargetSettings): ResolvedTarget | undefined {
  let otherwise: Record<string, string> = {};
  for (;;) {
    try {
      return resolveTarget({ name }, { ...settings, otherwise });
    } catch (error) {
      const { details } = toDatakitError(error, 'pruning');
      const unset =
        (details['variables'] as string[] | undefined)?.filter((variable) => !(variable in otherwise)) ?? [];
      if (unset.length === 0) return undefined;
      otherwise = { ...otherwise, ...Object.fromEntries(unset.map((variable) => [variable, 'unset'])) };
    }
  }
}

/**
 * Where there may be something to look at: a server of ours that never ran has nothing, and a container takes its
 * databases with it.
 */
async function serverWithData(where: Where): Promise<Where | undefined> {
  if (where.kind === 'embedded') {
    const files = embeddedFiles(where.home);
    return existsSync(files.folder) && existsSync(serverPlaces(files).data) ? where : undefined;
  }
  const place = await placeOfOthers(where);
  return place && { kind: 'place', place };
}

/** One text for a server, or for a folder of files, however many targets lead there. */
function serverOf(where: Where): string {
  if (where.kind !== 'place') return `${where.kind} ${where.home}`;
  return where.place.engine === 'sqlite'
    ? dirname(where.place.file)
    : `${where.place.host}:${where.place.port} ${where.place.user}`;
}

async function pruneServer({ engine, place, description }: TargetDatabase): Promise<Pruned[]> {
  const leftovers = await engine.upkeep.dropLeftovers(place);
  const pruned: Pruned[] = leftovers.map(({ kind, name }) => ({ removed: kind, name, where: description }));
  for (const candidate of await engine.upkeep.madeDatabases(place)) {
    if ((await isExpired(engine, candidate)) && (await engine.upkeep.dropUnused(candidate))) {
      pruned.push({ removed: 'expired database', name: nameOf(candidate), where: description });
    }
  }
  return pruned;
}

async function isExpired(engine: Engine, place: Place): Promise<boolean> {
  await using session = await engine.connect(place, { readOnly: true });
  const ledger = new Ledger(engine, session);
  const marker = (await ledger.exists()) ? await ledger.marker.read() : undefined;
  return marker?.kind === 'disposable' && marker.expiresAt !== null && Date.parse(marker.expiresAt) < Date.now();
}

const nameOf = (place: Place): string => (place.engine === 'sqlite' ? place.file : place.database);
