/** How many rows the tables get that grow with the scale. */
export interface Sizes {
  readonly actors: number;
  readonly addresses: number;
  readonly films: number;
  readonly stores: number;
  readonly staff: number;
  readonly customers: number;
  readonly inventory: number;
  readonly rentals: number;
  /** Rentals at the end of the time that are not back yet. */
  readonly rentalsStillOut: number;
  /** Rentals that are paid in two parts. */
  readonly secondPayments: number;
}

/** The sizes of Pagila itself, times `scale`. Countries, cities, categories and languages do not grow. */
export function sizesOf(scale: number): Sizes {
  if (!(scale > 0)) throw new RangeError(`The scale of the Pagila source must be a positive number, not ${scale}`);
  const scaled = (rows: number): number => Math.max(1, Math.round(rows * scale));
  const stores = scaled(500);
  return {
    actors: scaled(200),
    addresses: scaled(603),
    films: scaled(1000),
    stores,
    staff: Math.max(stores, scaled(1500)),
    customers: scaled(599),
    inventory: scaled(4581),
    rentals: scaled(16_044),
    rentalsStillOut: scaled(183),
    secondPayments: scaled(5),
  };
}
