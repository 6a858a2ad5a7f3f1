import { logger } from '@nx/devkit';

/** Says a line to whoever runs a generator; through Nx, so that a test can listen instead. */
export function tell(line: string): void {
  logger.info(line);
}
