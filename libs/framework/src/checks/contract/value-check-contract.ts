import { defineEntity, p } from '@mikro-orm/core';
import { describe, expect, it } from '@jest/globals';
import type { WatchedServer } from '../../engines/contract/places-contract.ts';
import type { OddValue } from '../../engines/contract/odd-values.ts';
import { matches } from '../../model/expectations.ts';
import { checkedDatabase } from './checked-database.ts';
import { patternCases } from './pattern-cases.ts';
import { valueCases } from './value-cases.ts';

const probes = valueCases.map(({ type }, index) =>
  defineEntity({
    name: `Probe${index}`,
    tableName: `probe_${index}`,
    properties: { id: p.integer().primary().autoincrement(false), v: p.string().columnType(type).nullable() },
  }),
);
const Texts = defineEntity({
  name: 'Texts',
  tableName: 'texts',
  properties: { id: p.integer().primary().autoincrement(false), v: p.text() },
});

/** Row by row: which values fail, for every type and at every edge. */
export function valueCheckContract(server: () => WatchedServer): void {
  describe('value by value', () => {
    const database = checkedDatabase(server, 'check_values', [...probes, Texts]);

    it.each(valueCases.map((each, index) => [each.type, each, index] as const))(
      '%s',
      async (type, { expect: expectations, rows }, index) => {
        const { fill, check } = database();
        const held = rows
          .map(([value, marks]) => ({ stored: storedForm(type, value), marks }))
          .filter(({ stored }) => stored !== 'refused');
        expect(held.length).toBeGreaterThan(1);
        await fill(
          probes[index]!,
          ['id', 'v'],
          held.map(({ stored }, id) => [String(id), stored]),
        );

        const failed = await check(probes[index]!, expectations, 100);

        const wanted = expectations.flatMap(({ kind }, at) => {
          const ids = held.flatMap(({ marks }, id) => (marks[at] === 'x' ? [`id=${id}`] : []));
          return ids.length === 0 ? [] : [{ kind, failed: ids.length, ids }];
        });
        expect(
          failed.map(({ finding, keys }) => ({
            kind: finding.check,
            failed: finding.failed,
            ids: keys.toSorted(byNumber),
          })),
        ).toEqual(wanted);
      },
    );

    it.each(patternCases.map((each) => [each.pattern, each] as const))(
      'the pattern %j',
      async (pattern, { match, differ }) => {
        const { fill, check } = database();
        await fill(
          Texts,
          ['id', 'v'],
          [...match, ...differ].map((text, id) => [String(id), text]),
        );
        const [failed] = await check(Texts, [matches('v', pattern)], 100);
        expect(failed?.keys.toSorted(byNumber)).toEqual(differ.map((_, id) => `id=${match.length + id}`));
      },
    );

    /** A value's form on this engine as its loads store it; `refused` where they refuse it. */
    function storedForm(type: string, value: string | null): string | null {
      if (value === null) return null;
      if (type.startsWith('char(')) value = value.padEnd(Number(type.slice(5, -1)));
      if (server().keepsTypes) return value;
      const portable: OddValue[1] =
        type.startsWith('timestamp') && /^\d{4,}-[^B]*$/.test(value) ? isoForm(type, value) : value;
      if (type === 'boolean') return value === 'true' ? '1' : '0';
      if (value === 'NaN' && type !== 'numeric') return 'refused';
      const tag =
        type === 'double precision' || type === 'real' ? `real:${value.replace('inity', '')}` : `text:${portable}`;
      const form = server().form?.(type, tag) ?? tag;
      return form === 'refused' ? form : form.replace(/^\w+:/, '').replace(/^(-?)Inf$/, '$19e999');
    }
  });
}

function isoForm(type: string, value: string): string {
  const [, day, time, digits = ''] = /^(\S+) (\d\d:\d\d:\d\d)\.?(\d*)/.exec(value)!;
  return `${day}T${time}.${digits.padEnd(6, '0')}${type === 'timestamptz' ? 'Z' : ''}`;
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(3)) - Number(b.slice(3));
}
