import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { operationOptions, optionsOf, type Operation, type OptionDefinition } from '@datakit/framework/options';

const purpose: Record<Operation, string> = {
  deploy: 'Creates the tables of a datakit in a database target, or brings them up to date.',
  validate: 'Proves that a database target has what a datakit declares.',
  ingest: 'Fills the tables of a datakit from its source.',
  pipeline: 'Takes all datakits that a project depends on through deploy, ingest and validate, in one process.',
  targets: 'Lists the database targets: engine, address, reachable or not.',
};

/** Where the schema of an executor is. */
export function schemaFile(operation: Operation): string {
  return join(import.meta.dirname, '..', 'src', 'executors', operation, 'schema.json');
}

/** The schema of one executor, made from the one list of options. */
export async function schemaText(operation: Operation): Promise<string> {
  const own = optionsOf(operation).map(([name]) => name as string);
  const others = Object.keys(operationOptions).filter((name) => !own.includes(name));
  const schema = {
    $schema: 'https://json-schema.org/schema',
    // Version 2 makes Nx capture what child processes and native code print, too.
    version: 2,
    $id: `Datakit${operation}`,
    title: `@datakit/nx:${operation}`,
    description: purpose[operation],
    type: 'object',
    properties: Object.fromEntries(optionsOf(operation).map(([name, definition]) => [name, property(definition)])),
    // Nx hands every option of `nx run-many -t deploy,ingest --tables=film` to both; the plugin's hook has checked
    // that one of them has it, and a refusal here would take the whole batch down without a readable word.
    patternProperties: { [`^(${others.join('|')})$`]: {} },
    additionalProperties: false,
  };
  const file = schemaFile(operation);
  return format(JSON.stringify(schema), { ...(await resolveConfig(file)), filepath: file });
}

function property({ type, description, values, minimum, pattern, default: usual }: OptionDefinition): object {
  const described = { description: usual === undefined ? description : `${description}. Default: ${usual}` };
  if (type === 'list') return { type: 'array', items: { type: 'string', ...allowed(values) }, ...described };
  const bounds = { ...(minimum === undefined ? {} : { minimum }), ...(pattern === undefined ? {} : { pattern }) };
  return { type, ...allowed(values), ...bounds, ...described };
}

function allowed(values: readonly string[] | undefined): object {
  return values ? { enum: values } : {};
}
