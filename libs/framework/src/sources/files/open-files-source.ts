import type { FilesSource } from '../../model/files-source.ts';
import type { SourceOpener } from '../source-kind.ts';
import { pathOfUrl } from './file-place.ts';
import { FilesConnector } from './files-connector.ts';

/** Opens sources that are files. */
export const filesOpener: SourceOpener<FilesSource> = {
  atUrl: ({ url, what, definition, workspaceRoot, tables }) =>
    new FilesConnector({
      path: pathOfUrl(url, workspaceRoot, what),
      format: definition?.format,
      dialect: definition?.csv ?? {},
      tables,
    }),
  served: ({ file }) => new FilesConnector({ path: file, format: undefined, dialect: {}, tables: new Map() }),
};
