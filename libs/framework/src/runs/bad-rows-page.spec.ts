import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rejectReasons } from '../files/raw-rows.ts';
import { contractModes } from '../model/source-contract.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/bad-rows.md', import.meta.url)), 'utf8');

describe('docs/bad-rows.md', () => {
  it('tells every reason and every mode of a contract, and no others', () => {
    const rows = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...Object.keys(rejectReasons), ...contractModes].sort());
  });
});
