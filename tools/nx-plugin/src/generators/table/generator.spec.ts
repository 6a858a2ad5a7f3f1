import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import createDatakit from '../datakit/generator.ts';
import { heard } from '../../testing/heard.ts';
import generate from './generator.ts';

let tree: Tree;
beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace();
  await createDatakit(tree, { name: 'bronze-shop', skipInstall: true });
});

const index = (): string => (tree.read('libs/bronze-shop/src/index.ts', 'utf8') ?? '').replaceAll(/\s+/g, ' ');

describe('nx g @datakit/nx:table', () => {
  it('writes the entity and lists it behind the others', async () => {
    await generate(tree, {
      name: 'order_line',
      datakit: 'bronze-shop',
      columns: 'id:bigint:key, amount:numeric(12,2), note:text?, tags:text[]?',
    });
    const entity = tree.read('libs/bronze-shop/src/order-line.ts', 'utf8') ?? '';
    expect(entity).toContain('id: p.bigint().primary(),');
    expect(entity).toContain('amount: p.decimal().precision(12).scale(2),');
    expect(entity).toContain('note: p.text().nullable(),');
    expect(entity).toContain('tags: p.array().nullable(),');
    expect(entity).toContain('...bronzeMetadata,');
    expect(index()).toContain("import { OrderLine } from './order-line.ts'; export { Shop, OrderLine };");
    expect(index()).toMatch(/tables: \[ ?Shop, OrderLine,? ?\]/);
  });

  it('touches nothing that is there', async () => {
    await generate(tree, { name: 'order_line', datakit: 'bronze-shop' });
    tree.write('libs/bronze-shop/src/order-line.ts', '// by hand');
    const before = index();
    using lines = heard();
    await generate(tree, { name: 'order_line', datakit: 'bronze-shop' });
    expect(lines.join('\n')).toContain('is there already; nothing to do');
    expect([index(), tree.read('libs/bronze-shop/src/order-line.ts', 'utf8')]).toEqual([before, '// by hand']);
  });

  it.each([
    [{ name: 'order line' }, 'cannot be named'],
    [{ name: 'x'.repeat(64) }, 'at most 63'],
    [{ name: 'a', datakit: 'bronze-shpo' }, 'bronze-shop'],
    [{ name: 'a', columns: 'id' }, '"id" is no column'],
    [{ name: 'a', columns: 'id:bigint' }, 'No column is the key'],
    [{ name: 'a', columns: 'id:bigint:key?' }, 'never null'],
    [{ name: 'a', columns: 'id:bigint:key,id:text' }, 'there twice'],
    [{ name: 'a', columns: 'bronze_load_id:uuid:key' }, 'one of the metadata'],
    [{ name: 'a', columns: 'id:drop;table:key' }, 'is no column'],
  ])('%j is refused, and nothing is written', async (options, message) => {
    const before = tree.listChanges().length;
    await expect(generate(tree, { datakit: 'bronze-shop', ...options })).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(tree.listChanges()).toHaveLength(before);
  });

  it('an entry without a list of tables is refused before anything is written', async () => {
    tree.write('libs/bronze-shop/src/index.ts', 'export default make();');
    await expect(generate(tree, { name: 'order_line', datakit: 'bronze-shop' })).rejects.toThrow(/defineDatakit/);
    expect(tree.exists('libs/bronze-shop/src/order-line.ts')).toBe(false);
  });
});
