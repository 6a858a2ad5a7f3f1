import packageJson from '../../package.json' with { type: 'json' };

/** Name and version of the framework, as reports and the ledger carry it. */
export const toolName = `${packageJson.name} ${packageJson.version}`;
