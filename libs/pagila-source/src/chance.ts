import pg from 'pg';

const mask = 2 ** 31 - 1;

function stir(value: string, factor: number): string {
  return `((((${value}) * ${factor}) >> 16) & ${mask})`;
}

/** Multiplying alone would leave the numbers of two salts a constant apart; the exclusive or between breaks that. */
function salted(value: string, factor: number): string {
  return `(${value} # ((salt * ${factor}) & ${mask}))`;
}

const spread = salted(`((n * 1103515245) & ${mask})`, 97_384_129);
const once = salted(stir(spread, 1_181_783_497), 668_265_263);
const twice = salted(stir(once, 739_982_445), 374_761_393);

/**
 * Makes `noise(salt, n)` for the session: the same number in [0, 2^31) for the same arguments on every server.
 * Plain integer arithmetic that the planner inlines, because `random()` and `hashtext()` differ between versions.
 */
export const noiseFunction = `
  create function pg_temp.noise(salt bigint, n bigint) returns bigint language sql immutable parallel safe
  as $$ select ${stir(twice, 1_597_334_677)} $$`;

/** SQL for a whole number in [0, `below`). */
export function chance(salt: number, row: string, below: number | string): string {
  return `(pg_temp.noise(${salt}, ${row}) % ${below})`;
}

/** SQL for one of the given texts. */
export function pick(salt: number, row: string, texts: readonly string[]): string {
  return `(array[${texts.map((text) => pg.escapeLiteral(text)).join(', ')}])[1 + ${chance(salt, row, texts.length)}]`;
}

/** SQL for a time: `start` and a number of microseconds. */
export function later(start: string, microseconds: string): string {
  return `(timestamptz '${start}' + (${microseconds}) * interval '1 microsecond')`;
}

/** SQL for a time, exact to the microsecond, in the five months after 15 February 2022, like most of Pagila's `last_update`. */
export function someUpdate(salt: number, row: string): string {
  return later(
    '2022-02-15 09:00:00+00',
    `${chance(salt, row, 13_000_000)} * 1000000 + ${chance(salt + 1, row, 1_000_000)}`,
  );
}
