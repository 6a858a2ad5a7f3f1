import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';
import type { Output } from './output.ts';

const redrawMs = 100;
const eraseToEnd = '\u001b[0J';

/** A terminal or a pipe: what `process.stdout` is. */
export type OutputStream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** Where people watch: lines that stay, and below them, on a terminal, one live line for each table in progress. */
export class ConsoleOutput implements Output {
  readonly isTerminal: boolean;
  readonly #stream: OutputStream;
  readonly #hasColours: boolean;
  readonly #inProgress = new Map<string, string>();
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: OutputStream, environment: NodeJS.ProcessEnv) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
    // Not left to FORCE_COLOR: Nx sets it for every task, also where the output goes into a file.
    this.#hasColours = this.isTerminal && !environment['NO_COLOR'];
  }

  line(text: string): void {
    this.#stream.write(`${this.#erased()}${text}\n${this.#live()}`);
  }

  progress(name: string, text: string): void {
    if (!this.isTerminal) return;
    this.#inProgress.set(name, text);
    // Sources report every chunk; a terminal that is redrawn each time slows the load down.
    this.#timer ??= setTimeout(() => this.#redraw(), redrawMs).unref();
  }

  progressEnd(name: string): void {
    if (this.#inProgress.delete(name)) this.#redraw();
  }

  /** Ends the live lines and waits until everything is written. */
  async close(): Promise<void> {
    this.#inProgress.clear();
    const rest = this.#erased();
    clearTimeout(this.#timer);
    await new Promise<void>((resolve) => this.#stream.write(rest, () => resolve()));
  }

  #redraw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stream.write(this.#erased() + this.#live());
  }

  /** What takes the drawn lines away; the cursor stands below them. */
  #erased(): string {
    const lines = this.#drawnLines;
    this.#drawnLines = 0;
    return lines === 0 ? '' : `\u001b[${lines}A\r${eraseToEnd}`;
  }

  #live(): string {
    // A line that wraps, or a block higher than the screen, could not be taken away again.
    const columns = (this.#stream.columns ?? 80) - 1;
    const entries = [...this.#inProgress].slice(0, Math.max(1, (this.#stream.rows ?? 24) - 2));
    this.#drawnLines = entries.length;
    return entries.map(([name, text]) => `${this.#styled(`${name}  ${text}`.slice(0, columns), name)}\n`).join('');
  }

  #styled(line: string, name: string): string {
    if (!this.#hasColours) return line;
    return styleText('cyan', line.slice(0, name.length), { validateStream: false }) + line.slice(name.length);
  }
}

/** The output of a command: live lines on a terminal, plain lines elsewhere, colours unless `NO_COLOR` is set. */
export function consoleOutput(stream: OutputStream = process.stdout, environment = process.env): ConsoleOutput {
  return new ConsoleOutput(stream, environment);
}
