-- A shop as nobody would design it: every kind of table that a generator has to write a datakit from.
create type mood as enum ('so so', 'it''s good', 'bad');
create domain positive as integer check (value > 0);
create domain short_code as varchar(8);
create type pair as (x integer, y text);
create type span as range (subtype = numeric);
create extension if not exists citext;

create table customer (
  customer_id integer generated always as identity primary key,
  name text not null,
  email citext,
  balance numeric(12, 2) not null default 0,
  feeling mood default 'so so',
  level positive default 1,
  code short_code not null default 'none',
  referred_by integer references customer,
  born date default '2000-01-01',
  created timestamptz not null default now(),
  created_local timestamp(3) not null default localtimestamp,
  active boolean not null default true,
  tags text[] not null default '{}',
  scores integer[],
  moods mood[],
  place pair,
  range span,
  settings jsonb not null default '{"b": 1, "a": [true]}',
  document json,
  token uuid not null default gen_random_uuid(),
  photo bytea,
  full_text tsvector generated always as (to_tsvector('simple', name)) stored,
  doubled numeric generated always as (balance * 2) stored
);
comment on table customer is 'Who buys; it''s "them"';
comment on column customer.email is E'For letters.\nNot for spam.';
create index on customer (name);
create index on customer (name, active);
create unique index customer_email on customer (email);
create index customer_tags on customer using gin (tags);
create index customer_text on customer using gin (full_text);
create index customer_lower on customer (lower(name));
create unique index customer_active_code on customer (code) where not active;

create table "Order" ("OrderId" bigint primary key, "customerId" integer not null references customer, "Placed At" timestamptz(3) not null default current_timestamp, "Total" numeric not null, "Größe" real, "select" double precision default 0.5);
create table "order" (id smallint primary key, note varchar(40) default 'it''s "new"', flag char(3) default 'abc', "ID2" integer, constraint unique_note unique (note));
create table "Order Line" ("OrderId" bigint references "Order", line smallint, product_code text not null, amount integer not null check (amount > 0), primary key (line, "OrderId"));
create table order_line_note ("OrderId" bigint, line smallint, note text, primary key ("OrderId", line), foreign key (line, "OrderId") references "Order Line" (line, "OrderId"));
create table product (code text primary key, name varchar not null, price numeric(5, 2) not null, spread interval, opened time, opened_there timetz, address inet, valid int4range, weight numeric(100, 50), padded bpchar, bits bit(3), cost money, page xml);
create table product_part (whole text references product, part text references product, quantity smallint not null default 1, primary key (whole, part), check (whole <> part));
create table event (id uuid not null, at timestamptz not null, kind mood not null, payload jsonb, primary key (at, id)) partition by range (at);
create table event_2023 partition of event for values from ('2023-01-01') to ('2024-01-01');
create table event_2024 partition of event for values from ('2024-01-01') to ('2025-01-01');
create table measurement (sensor integer, at timestamp, value double precision) partition by hash (sensor);
create table measurement_0 partition of measurement for values with (modulus 2, remainder 0);
create table measurement_1 partition of measurement for values with (modulus 2, remainder 1);
create table audit_log (at timestamptz, what text, by_whom text);
create table only_documents (document json);
create table unique_only (a integer not null, b text not null, c integer, unique (a, b), unique (c));
create table "dotted.name" (id integer primary key, "a.b" text);
create table "2024_sales" (id integer primary key, "1st" integer);
create table "index" (id integer primary key, "class" text, "constructor" text, "toString" text);
create table map (id integer primary key, "__proto__" text, name text);
create table twins (id integer primary key, name text, "Name" text, "NAME" text);
create table copied (id integer primary key, bronze_load_id uuid, bronze_source_table text);
create table empty_table (id integer primary key);
create table chain_a (id integer primary key, b_id integer);
create table chain_b (id integer primary key, a_id integer references chain_a);
alter table chain_a add foreign key (b_id) references chain_b;
create table wide (id integer primary key, c01 text, c02 text, c03 text, c04 text, c05 text, c06 text, c07 text, c08 text, c09 text, c10 text);
create table country (code char(2) primary key, name text not null unique);
create table city (id serial primary key, country_code char(2) not null references country, name text not null, unique (country_code, name));
create table by_name (id integer primary key, city_name text, country_code char(2), foreign key (country_code, city_name) references city (country_code, name));
create table many_keys (a integer, b smallint, c bigint, d date, e uuid, f text, primary key (a, b, c, d, e, f));
create table settings (key text primary key, value text default E'a\\b\n''c''');
create table "Ünïcode Täble" (id integer primary key, "ключ" text, "名前" text);
create table """quoted""" (id integer primary key, "say ""hi""" text, "it's" text, "back\slash" text);
create table long_names_are_kept_as_they_are_up_to_63_bytes_of_the_server_x (id integer primary key, and_so_are_the_names_of_columns_up_to_63_bytes_of_the_server_xx integer);
create table inherited (id integer primary key, base text);
create table numbers (id bigserial primary key, tiny smallint default -1, big bigint default 9007199254740993, exact numeric(20, 0), rounded numeric(3, -2), share real default 0.25);
create view active_customer as select customer_id, name from customer where active;
create materialized view order_count as select count(*) as orders from "Order";

create schema sales;
create table sales.customer (id integer primary key, region text);
create table sales.target (region text primary key, amount numeric(10, 2));
create table sales.owner (id integer primary key, customer_id integer references public.customer);

insert into customer (name, email, feeling, range, place, moods, photo, scores) values ('A', 'a@b.c', 'it''s good', '[1,2)', '(1,x)', '{bad}', '\x00ff', '{1,null}'), ('B', null, null, null, null, null, null, null);
update customer set referred_by = 1 where customer_id = 2;
insert into "Order" values (9007199254740993, 1, '2024-02-29 23:59:59.999+00', 0.10, 1.5), (2, 2, now(), 12345678901234567890.123, null);
insert into "order" values (1, null, 'x', 2), (2, 'new', default, null);
insert into "Order Line" values (9007199254740993, 1, 'p', 3), (2, 1, 'q', 1);
insert into order_line_note values (2, 1, 'n');
insert into product values ('p', 'P', 1.10, '1 mon', '10:00', '10:00+02', '10.0.0.1/8', '[1,3)', 0.1, 'x ', B'101', 1.5, '<a/>');
insert into product (code, name, price) values ('q', 'Q', 999.99);
insert into product_part values ('p', 'q');
insert into event values ('018f0000-0000-7000-8000-000000000001', '2023-05-01', 'bad', '{}'), ('018f0000-0000-7000-8000-000000000002', '2024-05-01', 'bad', null);
insert into measurement values (1, '2024-01-01', 0.1), (1, '2024-01-01', 0.1), (null, null, null);
insert into audit_log values (now(), 'x', 'y'), (null, null, null), (null, null, null);
insert into only_documents values ('{"a": 1}'), ('{"a": 1}');
insert into unique_only values (1, 'x', null), (1, 'y', 2);
insert into "dotted.name" values (1, 'x');
insert into map values (1, 'proto', 'x');
insert into twins values (1, 'a', 'b', 'c');
insert into copied values (1, gen_random_uuid(), 'x');
insert into country values ('AT', 'Austria');
insert into city (country_code, name) values ('AT', 'Wien');
insert into by_name values (1, 'Wien', 'AT'), (2, null, 'AT');
insert into many_keys values (1, 2, 3, '2024-01-01', gen_random_uuid(), 'f');
insert into settings values ('k');
insert into "Ünïcode Täble" values (1, 'ж', '名');
insert into """quoted""" values (1, 'hi', 'it', 'b');
insert into numbers (exact, rounded) values (12345678901234567890, 12345);
