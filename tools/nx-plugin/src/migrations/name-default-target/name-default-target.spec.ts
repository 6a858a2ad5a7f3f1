import { readJson, updateNxJson, type NxJsonConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import migrate from './name-default-target.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

const plugin = '@datakit/nx/plugin';
const named = { plugin, options: { defaultTarget: 'sqlite_file' } };

describe('the migration that names the default target', () => {
  it.each<[string, NxJsonConfiguration['plugins'], unknown]>([
    ['a bare name', ['other', plugin], ['other', named]],
    ['no options', [{ plugin, include: ['libs/**'] }], [{ ...named, include: ['libs/**'] }]],
    [
      'other options',
      [{ plugin, options: { targets: {} } }],
      [{ plugin, options: { defaultTarget: 'sqlite_file', targets: {} } }],
    ],
    [
      'a default already',
      [{ plugin, options: { defaultTarget: 'ci' } }],
      [{ plugin, options: { defaultTarget: 'ci' } }],
    ],
  ])('changes the entry with %s as it has to, once', (_, plugins, expected) => {
    updateNxJson(tree, { plugins: plugins ?? [] });
    migrate(tree);
    expect(readJson(tree, 'nx.json').plugins).toEqual(expected);
    const text = tree.read('nx.json', 'utf8');
    migrate(tree);
    expect(tree.read('nx.json', 'utf8')).toBe(text);
  });

  it('leaves a workspace without plugins as it is', () => {
    updateNxJson(tree, {});
    migrate(tree);
    expect(readJson(tree, 'nx.json')).toEqual({});
  });
});
