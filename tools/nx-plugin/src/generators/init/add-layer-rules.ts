import type { Tree } from '@nx/devkit';
import type Ts from 'typescript';
import { loadTypeScript } from '../merge/merge-files.ts';
import { tell } from '../tell.ts';
import { formatText } from '../write-files.ts';

/** Which layer may build on which; the tags come from each datakit.json. */
const rules = [
  { sourceTag: 'layer:bronze', notDependOnLibsWithTags: ['layer:silver', 'layer:gold'] },
  { sourceTag: 'layer:silver', notDependOnLibsWithTags: ['layer:gold'] },
  { sourceTag: 'layer:gold', notDependOnLibsWithTags: ['layer:bronze'] },
];

const configurations = ['eslint.config.mjs', 'eslint.config.js', 'eslint.config.ts', 'eslint.config.cjs'];

/** Adds the rules to the `depConstraints` of the workspace's ESLint; where it has none, says what they would be. */
export async function addLayerRules(tree: Tree): Promise<void> {
  const path = configurations.find((each) => tree.exists(each));
  const text = path === undefined ? '' : (tree.read(path, 'utf8') ?? '');
  const missing = rules.filter(({ sourceTag }) => !text.includes(sourceTag));
  if (missing.length === 0) return;
  const lines = missing.map(
    ({ sourceTag, notDependOnLibsWithTags: not }) =>
      `{ sourceTag: '${sourceTag}', notDependOnLibsWithTags: [${not.map((tag) => `'${tag}'`).join(', ')}] }`,
  );
  const place = path === undefined ? undefined : placeOfRules(text, await loadTypeScript(tree.root));
  if (path === undefined || place === undefined) {
    tell(
      `No depConstraints of @nx/enforce-module-boundaries were found in eslint.config; layers stay in order with:\n${lines.map((line) => `  ${line},`).join('\n')}`,
    );
    return;
  }
  const changed = text.slice(0, place.at) + place.before + lines.join(',\n') + place.after + text.slice(place.at);
  tree.write(path, await formatText(tree.root, path, changed));
}

/** Behind the last constraint of the list. */
function placeOfRules(text: string, ts: typeof Ts): { at: number; before: string; after: string } | undefined {
  const file = ts.createSourceFile('eslint.config.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const find = (node: Ts.Node): Ts.ArrayLiteralExpression | undefined => {
    if (ts.isPropertyAssignment(node) && /^['"]?depConstraints['"]?$/.test(node.name.getText())) {
      return ts.isArrayLiteralExpression(node.initializer) ? node.initializer : undefined;
    }
    return ts.forEachChild(node, find);
  };
  const list = find(file);
  if (!list) return undefined;
  const last = list.elements.at(-1);
  return last ? { at: last.end, before: ',\n', after: '' } : { at: list.getStart() + 1, before: '\n', after: '\n' };
}
