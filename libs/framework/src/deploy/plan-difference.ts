import type { DeployPlan } from './deploy-plan.ts';

type Comparable = Pick<DeployPlan, 'modelFingerprint' | 'liveFingerprint'> & {
  readonly statements: readonly { readonly object: string; readonly sql: string }[];
};

/**
 * True where a plan is what is left of another one for the same model: where every statement commits by itself, a
 * deployment that was cut off goes on there.
 */
export function isRestOf(plan: Comparable, whole: Comparable): boolean {
  if (plan.modelFingerprint !== whole.modelFingerprint) return false;
  const done = whole.statements.length - plan.statements.length;
  return done > 0 && plan.statements.every(({ sql }, index) => sql === whole.statements[done + index]?.sql);
}

/** What became different since a plan was made, as sentences. */
export function differenceFrom(before: Comparable, now: Comparable): string {
  const changed = [
    ...(before.modelFingerprint === now.modelFingerprint ? [] : ['the datakit']),
    ...(before.liveFingerprint === now.liveFingerprint ? [] : ['the database']),
  ];
  const gone = objects(before, now);
  const come = objects(now, before);
  return [
    changed.length === 0 ? 'its statements are others.' : `${changed.join(' and ')} changed since.`,
    ...(gone.length === 0 ? [] : [`No longer needed: ${gone.join(', ')}.`]),
    ...(come.length === 0 ? [] : [`Needed now: ${come.join(', ')}.`]),
  ].join(' ');
}

/** Objects of the statements that only the one has. */
function objects(one: Comparable, other: Comparable): string[] {
  const others = new Set(other.statements.map(({ sql }) => sql));
  return [...new Set(one.statements.flatMap(({ object, sql }) => (others.has(sql) ? [] : [object])))];
}
