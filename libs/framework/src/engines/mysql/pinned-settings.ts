import type { Flavour } from './flavour.ts';

/**
 * Strict, so that no value is changed to fit; a backslash escapes and `||` joins texts, whatever the server says.
 * A key of 0 is a key and no request for the next number.
 */
const sqlMode = [
  'STRICT_ALL_TABLES',
  'STRICT_TRANS_TABLES',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
  'NO_AUTO_VALUE_ON_ZERO',
  'PIPES_AS_CONCAT',
  'ONLY_FULL_GROUP_BY',
].join(',');

/** The statement that makes a session mean the same on every server, whatever the server or the user has set. */
export function pinnedSettings(flavour: Flavour): string {
  const settings = {
    sql_mode: `'${sqlMode}'`,
    time_zone: `'+00:00'`,
    character_set_client: 'utf8mb4',
    character_set_results: 'utf8mb4',
    character_set_connection: 'utf8mb4',
    collation_connection: flavour.collation,
    autocommit: '1',
    foreign_key_checks: '1',
    unique_checks: '1',
    sql_safe_updates: '0',
    // Digits that a value would lose are only a note; a load counts those, too.
    sql_notes: '1',
    // The server waits that long for a source that has nothing to send.
    net_read_timeout: '600',
    net_write_timeout: '600',
  };
  return `set ${Object.entries(settings)
    .map(([name, value]) => `session ${name} = ${value}`)
    .join(', ')}`;
}
