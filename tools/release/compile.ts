import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What of a package is compiled, and where to. */
export interface Compilation {
  /** Folder of the package. */
  readonly project: string;
  /** Its entries, relative to that folder; what they import follows. */
  readonly entries: readonly string[];
  /** Folder of the sources, relative to that of the package; it becomes `outFolder`. */
  readonly sources: string;
  readonly outFolder: string;
  /** Where packages of this repository that are compiled already have their declarations. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** Compiles sources to JavaScript with declarations. @throws Error with the compiler's findings */
export function compile({ project, entries, sources, outFolder, paths = {} }: Compilation): void {
  const configFile = ts.readConfigFile(join(project, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(configFile.config, ts.sys, project);
  const program = ts.createProgram(
    entries.map((entry) => join(project, entry)),
    {
      ...options,
      noEmit: false,
      declaration: true,
      rootDir: join(project, sources),
      outDir: outFolder,
      paths: Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, [path]])),
    },
  );
  const emitted = program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.d.ts') ? withJavaScriptSpecifiers(text) : text);
  });
  const findings = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
  if (findings.length === 0) return;
  const host = {
    getCurrentDirectory: () => project,
    getCanonicalFileName: (path: string) => path,
    getNewLine: () => '\n',
  };
  throw new Error(ts.formatDiagnostics(findings, host));
}

/** The compiler rewrites `./x.ts` in JavaScript, but not in declarations. */
function withJavaScriptSpecifiers(text: string): string {
  return text.replaceAll(/((?:from|import)\s*\(?\s*['"])(\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1$2.js$3');
}
