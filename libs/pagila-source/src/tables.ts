/** The types and tables of Pagila, without keys: those come after the rows, in one pass each. */
export const createTables = `
  create type mpaa_rating as enum ('G', 'PG', 'PG-13', 'R', 'NC-17');
  create domain year as integer constraint year_check check (value between 1901 and 2155);
  create domain "bıgınt" as bigint;

  create table actor (
    actor_id serial, first_name text not null, last_name text not null, last_update timestamptz not null default now());

  create table country (
    country_id serial, country text not null, last_update timestamptz not null default now());

  create table city (
    city_id serial, city text not null, country_id integer not null, last_update timestamptz not null default now());

  create table address (
    address_id serial, address text not null, address2 text, district text not null, city_id integer not null,
    postal_code text, phone text not null, last_update timestamptz not null default now());

  create table category (
    category_id serial, name text not null, last_update timestamptz not null default now());

  create table store (
    store_id serial, manager_staff_id integer not null, address_id integer not null,
    last_update timestamptz not null default now());

  create table customer (
    customer_id serial, store_id integer not null, first_name text not null, last_name text not null, email text,
    address_id integer not null, activebool boolean not null default true,
    create_date date not null default current_date, last_update timestamptz default now(), active integer);

  create table language (
    language_id serial, name character(20) not null, last_update timestamptz not null default now());

  create table film (
    film_id serial, title text not null, description text, release_year year, language_id integer not null,
    original_language_id integer, rental_duration smallint not null default 3,
    rental_rate numeric(4,2) not null default 4.99, length smallint,
    replacement_cost numeric(5,2) not null default 19.99, rating mpaa_rating default 'G',
    last_update timestamptz not null default now(), special_features text[], fulltext tsvector not null);

  create table film_actor (
    actor_id integer not null, film_id integer not null, last_update timestamptz not null default now());

  create table film_category (
    film_id integer not null, category_id integer not null, last_update timestamptz not null default now());

  create table inventory (
    inventory_id serial, film_id integer not null, store_id integer not null,
    last_update timestamptz not null default now());

  create table staff (
    staff_id serial, first_name text not null, last_name text not null, address_id integer not null, email text,
    store_id integer not null, active boolean not null default true, username text not null, password text,
    last_update timestamptz not null default now(), picture bytea);

  create table rental (
    rental_id serial, rental_date timestamptz not null, inventory_id integer not null, customer_id integer not null,
    return_date timestamptz, staff_id integer not null, last_update timestamptz not null default now());

  create table payment (
    payment_id serial, customer_id integer not null, staff_id integer not null, rental_id integer not null,
    amount numeric(5,2) not null, payment_date timestamptz not null)
  partition by range (payment_date);
`;

/** The months of 2022 that have a partition of `payment`. */
export const paymentMonths = [1, 2, 3, 4, 5, 6, 7] as const;

/** The name of the partition of one month. */
export function paymentPartition(month: number): string {
  return `payment_p2022_${twoDigits(month)}`;
}

/** Makes the partition of one month; its bounds are in UTC. */
export function createPaymentPartition(month: number): string {
  return `create table ${paymentPartition(month)} partition of payment
    for values from ('2022-${twoDigits(month)}-01 00:00+00') to ('2022-${twoDigits(month + 1)}-01 00:00+00')`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
