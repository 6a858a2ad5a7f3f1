import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ScratchWorkspace } from './scratch-workspace.ts';

/** A datakit with one table, and files of SQLite to load it from: nothing else has to run. */
export class ShopSource {
  readonly folder: string;
  readonly #root: string;

  constructor(workspace: ScratchWorkspace) {
    this.#root = workspace.root;
    this.folder = 'libs/shop';
    workspace.write(`${this.folder}/package.json`, JSON.stringify({ name: 'shop', type: 'module', version: '0.0.0' }));
    workspace.write(
      `${this.folder}/datakit.json`,
      JSON.stringify({ kind: 'datakit', layer: 'bronze', entry: 'index.ts' }),
    );
    workspace.write(
      `${this.folder}/index.ts`,
      `import { bronzeMetadata, defineDatakit, sqliteSource } from '@datakit/framework';
import { defineEntity, p } from '@mikro-orm/core';
const Item = defineEntity({ name: 'Item', tableName: 'item',
  properties: { id: p.integer().primary().autoincrement(false), label: p.text(), ...bronzeMetadata } });
export default defineDatakit({ name: 'shop', layer: 'bronze', source: sqliteSource({ system: 'shop', url: '\${SHOP_URL}' }), tables: [Item] });
`,
    );
  }

  /** Makes a source of so many rows of some 100 bytes. @returns the option that reads from it */
  of(rows: number): string {
    mkdirSync(join(this.#root, 'sources'), { recursive: true });
    const file = join(this.#root, 'sources', `${rows}.sqlite`);
    rmSync(file, { force: true });
    const database = new DatabaseSync(file);
    database.exec(`create table item as with recursive n (id) as (select 1 union all select id + 1 from n where id < ${rows})
      select id, printf('%d of ${rows} %.*c', id, 90, 'x') as label from n`);
    database.close();
    return `--sourceUrl=sqlite:${file}`;
  }
}
