import { setTimeout as sleep } from 'node:timers/promises';
import { engineAt } from '../../engines/engine-registry.ts';
import type { Place } from '../../engines/place.ts';
import { DatakitError } from '../../errors/datakit-error.ts';

const pollMs = 150;

/**
 * Waits until a server lets us in. Docker takes connections to a published port before the server in the container
 * does, so only the engine's own client can tell.
 *
 * @param isOver says why waiting has become useless, if it has
 * @throws TARGET_UNREACHABLE after the timeout, AUTH_FAILED at once
 */
export async function untilReady(place: Place, timeoutMs: number, isOver: () => boolean = () => false): Promise<void> {
  for (const giveUpAt = Date.now() + timeoutMs; ; await sleep(pollMs)) {
    try {
      const engine = await engineAt(place);
      await engine.databaseExists(place);
      return;
    } catch (error) {
      const isStarting = error instanceof DatakitError && error.code === 'TARGET_UNREACHABLE';
      if (!isStarting || isOver() || Date.now() > giveUpAt) throw error;
    }
  }
}
