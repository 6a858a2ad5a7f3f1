import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How a program ended. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with nothing on its standard input; a non-zero exit is a result, not an exception. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number; timeoutMs?: number } = {},
): Promise<ProgramResult> {
  const { timeoutMs = 300_000, ...rest } = options;
  try {
    const running = execute(program, args, { maxBuffer: 256 * 1024 * 1024, timeout: timeoutMs, ...rest });
    running.child.stdin?.end();
    return { exitCode: 0, ...(await running) };
  } catch (error) {
    const { code, stdout = '', stderr = '', signal } = error as NodeJS.ErrnoException & Record<string, unknown>;
    if (typeof code !== 'number' && !signal) throw error;
    return { exitCode: typeof code === 'number' ? code : 128, stdout: String(stdout), stderr: String(stderr) };
  }
}

/** The standard output of a program that must succeed, without the newline at its end. */
export async function outputOf(...call: Parameters<typeof runProgram>): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(...call);
  if (exitCode !== 0) throw new Error(`${call[0]} ended with ${exitCode}: ${stderr || stdout}`);
  return stdout.replace(/\n$/, '');
}
