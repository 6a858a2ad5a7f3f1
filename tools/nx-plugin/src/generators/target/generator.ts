import { readNxJson, updateNxJson, type NxJsonConfiguration, type Tree } from '@nx/devkit';
import { DatakitError, predefinedTargets, type EngineName, type TargetDefinition } from '@datakit/framework/options';
import { checkPluginOptions, type DatakitPluginOptions } from '../../plugin-options.ts';
import { withoutStackTrace } from '../../without-stack.ts';

/** What `nx g @datakit/nx:target` takes. */
export interface TargetGeneratorOptions {
  readonly name: string;
  readonly url: string;
  readonly type?: EngineName;
  readonly protected?: boolean;
  readonly default?: boolean;
}

const plugin = '@datakit/nx/plugin';

/**
 * Adds a database target to the plugin's entry in `nx.json`. Where it is there already, nothing changes.
 *
 * @throws OPTION_INVALID for a name that cannot be used or that another target has, and for a password in the URL
 */
export default function targetGenerator(tree: Tree, options: TargetGeneratorOptions): Promise<void> {
  return withoutStackTrace(async () => {
    const nxJson = readNxJson(tree) ?? {};
    const plugins = nxJson.plugins ?? [];
    const place = plugins.findIndex((entry) => (typeof entry === 'string' ? entry : entry.plugin) === plugin);
    const entry = plugins[place];
    const current = (typeof entry === 'object' ? entry.options : undefined) as DatakitPluginOptions | undefined;
    const definition = definitionOf(options);
    refuseOtherTarget(options.name, definition, current);
    const wanted: DatakitPluginOptions = {
      ...current,
      ...(options.default ? { defaultTarget: options.name } : {}),
      targets: { ...current?.targets, [options.name]: definition },
    };
    checkPluginOptions(wanted);
    if (JSON.stringify(wanted) === JSON.stringify(current)) return;
    const changed = { ...(typeof entry === 'object' ? entry : {}), plugin, options: wanted };
    const changedPlugins = place === -1 ? [...plugins, changed] : plugins.with(place, changed);
    updateNxJson(tree, { ...nxJson, plugins: changedPlugins as NonNullable<NxJsonConfiguration['plugins']> });
  });
}

function definitionOf({ url, type, protected: isProtected }: TargetGeneratorOptions): TargetDefinition {
  return { ...(type === undefined ? {} : { type }), url, ...(isProtected ? { protected: true } : {}) };
}

/** Overriding a target that others rely on is done by hand, and seen. */
function refuseOtherTarget(
  name: string,
  definition: TargetDefinition,
  current: DatakitPluginOptions | undefined,
): void {
  const isPredefined = Object.hasOwn(predefinedTargets, name);
  const there = Object.hasOwn(current?.targets ?? {}, name) ? current?.targets?.[name] : undefined;
  if (!isPredefined && (there === undefined || JSON.stringify(there) === JSON.stringify(definition))) return;
  throw new DatakitError({
    code: 'OPTION_INVALID',
    message: `There is a target "${name}" already${isPredefined ? ', a predefined one' : ' in nx.json, which says something else'}.`,
    hint: 'Choose another name, or change it in nx.json by hand.',
  });
}
