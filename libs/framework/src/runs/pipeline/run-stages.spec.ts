import { expect, test } from '@jest/globals';
import type { PipelineStage } from './pipeline-stage.ts';
import { runStages } from './run-stages.ts';

const stage = (project: string, ...upstream: string[]): PipelineStage => ({ project, root: project, upstream });
const stages = [stage('a'), stage('b'), stage('c'), stage('of-a', 'a'), stage('of-all', 'a', 'b', 'c', 'of-a')];

/** Work that ends when it is told to. */
function heldWork() {
  const running = new Map<string, (succeeded: boolean) => void>();
  let most = 0;
  const begun: string[] = [];
  return {
    begun,
    most: () => most,
    work: ({ project }: PipelineStage) =>
      new Promise<boolean>((resolve) => {
        begun.push(project);
        running.set(project, resolve);
        most = Math.max(most, running.size);
      }),
    async end(project: string, succeeded = true): Promise<void> {
      running.get(project)?.(succeeded);
      running.delete(project);
      // What follows from it has begun when all that is ready has run.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test.each([1, 2, 3])('runs %d stages at a time, each after what it builds on', async (concurrency) => {
  const held = heldWork();
  const ended = runStages(stages, concurrency, held.work, async () => undefined);
  await held.end('nothing');
  expect(held.begun).toEqual(['a', 'b', 'c'].slice(0, concurrency));
  for (let index = 0; index < stages.length; index++) {
    expect(held.begun.length).toBeGreaterThan(index);
    await held.end(held.begun[index] as string);
  }
  expect([...(await ended).values()].map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(held.most()).toBe(concurrency);
  expect(held.begun.indexOf('of-a')).toBeGreaterThan(held.begun.indexOf('a'));
  expect(held.begun.at(-1)).toBe('of-all');
});

test('a failure skips what is downstream of it, told once each, and the rest goes on', async () => {
  const skipped: string[] = [];
  const ended = await runStages(
    stages,
    2,
    async ({ project }) => project !== 'a',
    async ({ project }, because) => void skipped.push(`${project} because ${because}`),
  );
  expect(Object.fromEntries([...ended].map(([{ project }, { kind }]) => [project, kind]))).toEqual({
    ...{ a: 'failed', b: 'done', c: 'done', 'of-a': 'skipped', 'of-all': 'skipped' },
  });
  expect(skipped.toSorted()).toEqual(['of-a because a', 'of-all because a']);
});
