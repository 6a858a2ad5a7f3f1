import { createHash } from 'node:crypto';
import type { ServerPlace } from '../../engines/place.ts';

/** A container of ours: what runs in it, and how the server in it is reached. Holds passwords. */
export interface ContainerSpecification {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The server's port inside of the container. */
  readonly port: number;
  /** Whose client finds out when the server is ready. */
  readonly engine: ServerPlace<'postgres' | 'mysql' | 'mariadb'>['engine'];
  readonly user: string;
  readonly password: string;
}

/** A name for a specification, the same in every process: `postgres-15.8-0a1b2c3d`. */
export function containerName(specification: ContainerSpecification): string {
  const { image, command, environment, port, engine, user, password } = specification;
  const sorted = Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const whole = JSON.stringify([image, command, sorted, port, engine, user, password]);
  const readable = image.replaceAll(/[^A-Za-z0-9.]+/g, '-').slice(-40);
  return `${readable}-${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
}
