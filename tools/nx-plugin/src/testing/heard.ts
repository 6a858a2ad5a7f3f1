import { logger } from '@nx/devkit';

/** What generators say, from now on until the end of the scope, instead of on the console. */
export function heard(): string[] & Disposable {
  const { info } = logger;
  const lines: string[] = [];
  logger.info = (line: string) => lines.push(line);
  return Object.assign(lines, { [Symbol.dispose]: () => void (logger.info = info) });
}
