import { readJson, readNxJson, updateNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import generate from './generator.ts';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

const entries = (): unknown => readJson(tree, 'nx.json').plugins;
const staging = { name: 'staging', url: '${STAGING_URL}' };

describe('nx g @datakit/nx:target', () => {
  it('adds a target beside what is there, and the plugin where it is missing', async () => {
    updateNxJson(tree, {
      ...readNxJson(tree),
      plugins: ['other', { plugin: '@datakit/nx/plugin', include: ['libs/**'] }],
    });
    await generate(tree, { ...staging, protected: true });
    await generate(tree, { name: 'copy', url: 'sqlite:copy.sqlite', default: true });
    const targets = { staging: { url: '${STAGING_URL}', protected: true }, copy: { url: 'sqlite:copy.sqlite' } };
    expect(entries()).toEqual([
      'other',
      { plugin: '@datakit/nx/plugin', include: ['libs/**'], options: { targets, defaultTarget: 'copy' } },
    ]);
    updateNxJson(tree, { plugins: [] });
    await generate(tree, staging);
    expect(entries()).toEqual([
      { plugin: '@datakit/nx/plugin', options: { targets: { staging: { url: '${STAGING_URL}' } } } },
    ]);
  });

  it('changes nothing the second time', async () => {
    await generate(tree, staging);
    const before = tree.read('nx.json', 'utf8');
    await generate(tree, staging);
    expect(tree.read('nx.json', 'utf8')).toBe(before);
  });

  it.each([
    [{ name: 'sta ging', url: 'sqlite:a' }, 'cannot be the name'],
    [{ name: 'sqlite_file', url: 'sqlite:a' }, 'a predefined one'],
    [{ name: 'staging', url: 'sqlite:other' }, 'says something else'],
    [{ name: 'secret', url: 'postgresql://me:secret@host/db' }, 'holds a password'],
  ])('%j is refused, and nx.json stays', async (options, message) => {
    await generate(tree, staging);
    const before = tree.read('nx.json', 'utf8');
    await expect(generate(tree, options)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(tree.read('nx.json', 'utf8')).toBe(before);
  });
});
