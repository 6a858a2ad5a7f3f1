/** Where a run tells people what it does. Machines read the report file instead. */
export interface Output {
  /** One line that stays. */
  line(text: string): void;
  /** The state of work in progress under a name; replaces the last one on a terminal, kept quiet elsewhere. */
  progress(name: string, text: string): void;
  /** Work under that name ended; on a terminal its live line goes away. */
  progressEnd(name: string): void;
  /** True where colours and live lines make sense. */
  readonly isTerminal: boolean;
}

/** Collects lines; for batches, which hand each task's text to Nx, and for tests. */
export function capturedOutput(): Output & { text(): string } {
  const lines: string[] = [];
  return {
    isTerminal: false,
    line: (text) => void lines.push(text),
    progress: () => undefined,
    progressEnd: () => undefined,
    text: () => (lines.length === 0 ? '' : `${lines.join('\n')}\n`),
  };
}
