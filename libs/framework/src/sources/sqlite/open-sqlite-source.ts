import { resolve } from 'node:path';
import { DatakitError } from '../../errors/datakit-error.ts';
import type { SqliteSource } from '../../model/source-definition.ts';
import type { SourceOpener } from '../source-kind.ts';
import { SqliteConnector } from './sqlite-connector.ts';

/** Opens files of SQLite: `sqlite:` and a path, relative to the workspace's root. */
export const sqliteOpener: SourceOpener<SqliteSource> = {
  atUrl: ({ url, what, workspaceRoot }) => {
    const path = url.replace(/^sqlite:(\/\/(?=\/))?/, '');
    if (path === '' || path === ':memory:') {
      throw new DatakitError({
        code: 'OPTION_INVALID',
        message: `${what} names no file.`,
        hint: 'Write it as sqlite:data/shop.sqlite or sqlite:///srv/shop.sqlite.',
      });
    }
    return new SqliteConnector(resolve(workspaceRoot, path));
  },
  served: ({ file }) => new SqliteConnector(resolve(file)),
};
