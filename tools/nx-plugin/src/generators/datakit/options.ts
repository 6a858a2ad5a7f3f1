/** What `nx g @datakit/nx:datakit` takes. */
export interface DatakitGeneratorOptions {
  readonly name: string;
  readonly layer?: string;
  readonly directory?: string;
  readonly from?: string;
  readonly schema?: string;
  readonly tables?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly urlVariable?: string;
  readonly skipInstall?: boolean;
}
