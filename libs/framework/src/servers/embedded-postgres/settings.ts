/** The settings of the server, given anew at each start. Everything stays as safe as PostgreSQL is against a crash. */
export function serverSettings(port: number): Readonly<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A killed client must not keep its locks until its statement ends by itself.
    client_connection_check_interval: '1s',
    // A crash of the machine may take the last half second of commits, never the order or the wholeness of them.
    synchronous_commit: 'off',
    // Rows copied into a table of the same transaction go to the table alone, which is flushed at the commit.
    wal_level: 'minimal',
    max_wal_senders: '0',
    // A bulk load must not be stopped by a checkpoint every gigabyte.
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    // Neither the values of rows nor statements that hold them belong into a log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
}
