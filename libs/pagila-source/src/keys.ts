import { paymentMonths, paymentPartition } from './tables.ts';

const primaryKeys = {
  actor: 'actor_id',
  country: 'country_id',
  city: 'city_id',
  address: 'address_id',
  category: 'category_id',
  store: 'store_id',
  customer: 'customer_id',
  language: 'language_id',
  film: 'film_id',
  film_actor: 'actor_id, film_id',
  film_category: 'film_id, category_id',
  inventory: 'inventory_id',
  staff: 'staff_id',
  rental: 'rental_id',
  payment: 'payment_date, payment_id',
} as const;

const uniqueKeys = [
  ['store', 'manager_staff_id'],
  ['rental', 'rental_date, inventory_id, customer_id'],
] as const;

const foreignKeys = [
  ['city', 'country_id', 'country'],
  ['address', 'city_id', 'city'],
  ['store', 'address_id', 'address'],
  ['customer', 'store_id', 'store'],
  ['customer', 'address_id', 'address'],
  ['film', 'language_id', 'language'],
  ['film', 'original_language_id', 'language'],
  ['film_actor', 'actor_id', 'actor'],
  ['film_actor', 'film_id', 'film'],
  ['film_category', 'film_id', 'film'],
  ['film_category', 'category_id', 'category'],
  ['inventory', 'film_id', 'film'],
  ['inventory', 'store_id', 'store'],
  ['staff', 'address_id', 'address'],
  ['rental', 'inventory_id', 'inventory'],
  ['rental', 'customer_id', 'customer'],
  ['rental', 'staff_id', 'staff'],
] as const;

const indexes = [
  'actor (last_name)',
  'city (country_id)',
  'address (city_id)',
  'customer (store_id)',
  'customer (address_id)',
  'customer (last_name)',
  'film (title)',
  'film (language_id)',
  'film (original_language_id)',
  'film using gist (fulltext)',
  'film_actor (film_id)',
  'inventory (store_id, film_id)',
  'rental (inventory_id)',
  'payment (customer_id)',
];

/** Pagila has foreign keys on all partitions of `payment` but the last. */
const partitionKeys = paymentMonths
  .slice(0, -1)
  .flatMap((month) =>
    ['customer', 'staff', 'rental'].map(
      (parent) => `alter table ${paymentPartition(month)} add foreign key (${parent}_id) references ${parent}`,
    ),
  );

/** Keys and indexes, to be made after the rows, and the sequences moved behind them. */
export const createKeys: readonly string[] = [
  ...Object.entries(primaryKeys).map(([table, columns]) => `alter table ${table} add primary key (${columns})`),
  ...uniqueKeys.map(([table, columns]) => `alter table ${table} add unique (${columns})`),
  ...foreignKeys.map(
    ([table, column, parent]) =>
      `alter table ${table} add foreign key (${column}) references ${parent} on update cascade on delete restrict`,
  ),
  // This one key of Pagila says nothing about updates and deletions.
  'alter table staff add foreign key (store_id) references store',
  ...partitionKeys,
  ...indexes.map((index) => `create index on ${index}`),
  ...Object.entries(primaryKeys)
    .map(([table]) => table)
    .filter((table) => !table.startsWith('film_'))
    .map((table) => `select setval('${table}_${table}_id_seq', (select max(${table}_id) from ${table}))`),
];
