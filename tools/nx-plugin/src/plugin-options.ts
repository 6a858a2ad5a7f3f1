import {
  checkContainer,
  DatakitError,
  suggestName,
  targetNames,
  type TargetDefinition,
} from '@datakit/framework/options';

/** What a workspace writes under `options` of the plugin entry in `nx.json`. */
export interface DatakitPluginOptions {
  /** The target of a command that names none. */
  readonly defaultTarget?: string;
  /** Database targets beside the predefined ones, by name. */
  readonly targets?: Readonly<Record<string, TargetDefinition>>;
}

const environmentReference = /^\$\{\w+\}$/;
// MYSQL_ALLOW_EMPTY_PASSWORD and MYSQL_RANDOM_ROOT_PASSWORD hold a yes, POSTGRES_PASSWORD_FILE a path.
const secretVariable = /^(?!.*(?:ALLOW_EMPTY|RANDOM)).*(?:PASSWORD|SECRET|TOKEN)(?!.*_FILE$)/i;
// A colon ends a target name on Nx's command line, a space ends it in the shell.
const usableName = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Checks the options once, when the project graph is made: what is wrong there is wrong for every command.
 *
 * @throws OPTION_INVALID for an unusable target name, an unknown option or a literal password
 * @throws TARGET_UNKNOWN when `defaultTarget` names no target
 */
export function checkPluginOptions(options: DatakitPluginOptions | undefined): DatakitPluginOptions {
  const { defaultTarget, targets = {}, ...others } = options ?? {};
  for (const name of Object.keys(others)) {
    throw invalid(`the plugin has no option "${name}".`, suggestName(name, ['defaultTarget', 'targets']));
  }
  for (const [name, definition] of Object.entries(targets)) {
    if (!usableName.test(name)) {
      throw invalid(`"${name}" cannot be the name of a target.`, 'Use letters, digits, ".", "_" and "-".');
    }
    checkContainer(`nx.json: the target "${name}"`, definition);
    refuseLiteralPassword(name, definition);
  }
  if (defaultTarget !== undefined && !targetNames(targets).includes(defaultTarget)) {
    throw new DatakitError({
      code: 'TARGET_UNKNOWN',
      message: `nx.json: defaultTarget "${defaultTarget}" is not a database target.`,
      hint: suggestName(defaultTarget, targetNames(targets)),
      details: { target: defaultTarget },
    });
  }
  return { targets, ...(defaultTarget === undefined ? {} : { defaultTarget }) };
}

function refuseLiteralPassword(name: string, { password, url, container }: TargetDefinition): void {
  const inUrl =
    /^[a-z][a-z0-9+.-]*:\/\/[^/@?#]*?:([^/@?#]*)@/i.exec(url ?? '')?.[1] ??
    /[?&](?:ssl)?password=([^&#]*)/i.exec(url ?? '')?.[1];
  const inContainer = Object.entries(container?.environment ?? {}).flatMap(([variable, value]) =>
    secretVariable.test(variable) ? [value] : [],
  );
  for (const given of [password, inUrl, ...inContainer]) {
    if (given === undefined || given === '' || environmentReference.test(given)) continue;
    throw invalid(
      `the target "${name}" holds a password, and nx.json is in version control.`,
      'Write "${NAME}" instead and set NAME in the environment or in .env.',
    );
  }
}

function invalid(message: string, hint: string): DatakitError {
  return new DatakitError({ code: 'OPTION_INVALID', message: `nx.json: ${message}`, hint });
}
