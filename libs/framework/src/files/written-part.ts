/** One file of a load, as its writer left it. */
export interface WrittenPart {
  /** File name inside the load's folder. */
  readonly name: string;
  readonly rows: number;
}
