import { spawn, type ChildProcess } from 'node:child_process';

/** How a command ended. */
export interface EndedCommand {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly seconds: number;
  /** It ran longer than it was given and was killed for that; a run that hangs is a failure. */
  readonly hung: boolean;
  /** The code of the error that it printed: `TARGET_UNREACHABLE`. */
  readonly code: string | undefined;
}

/** A command that runs, and the way to its end. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedCommand>;
}

/** How a command is started. */
export interface CommandOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Starts a program as a child process, as a shell would: nothing of our own reaches into it. */
export function startCommand(program: string, args: readonly string[], options: CommandOptions): RunningCommand {
  const begun = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, options.timeoutMs);
  const ended = new Promise<EndedCommand>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      const code = /^([A-Z][A-Z_]+): /m.exec(output)?.[1];
      resolve({ exitCode, signal, output, hung, code, seconds: (performance.now() - begun) / 1000 });
    });
  });
  return { child, ended };
}

/** What the machine, Nx or a test runner has set must not decide what a fault does. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(PG|MYSQL_|NX_|JEST_|DATAKIT_(?!CI_)|NODE_OPTIONS|FORCE_COLOR|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
