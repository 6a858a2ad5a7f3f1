/**
 * What happens where a source and the entities differ.
 * - `freeze`: nothing is loaded, and a message shows the difference
 * - `evolve`: what is not declared is kept in the json column `bronze_extra`
 * - `discard_row`: rows that have it are set aside in the quarantine
 * - `discard_value`: it is left out, and the row loads
 */
export const contractModes = ['freeze', 'evolve', 'discard_row', 'discard_value'] as const;
export type ContractMode = (typeof contractModes)[number];

/** What a table takes of its source. All are `freeze` where nobody says otherwise. */
export interface TableContractModes {
  /** Columns of the source that are not declared. One that is declared and missing is always refused. */
  readonly columns?: ContractMode;
  /** Columns of the source of another type than declared, and values that are none of the declared type. */
  readonly types?: ContractMode;
}

/** What a datakit takes of its source, for all of its tables. */
export interface ContractModes extends TableContractModes {
  /**
   * Tables of the source that are not declared. They are never read, and one that is declared and missing is always
   * refused. Where nobody says anything, nobody looks for them; `freeze` names them in one line of the output, `evolve`
   * adds a finding for each with the way to declare it.
   */
  readonly tables?: ContractMode;
}
