import { chance, later } from '../chance.ts';
import type { Sizes } from '../sizes.ts';

// All payments, also those a day later, fall into the partitions January to July 2022.
const firstRental = '2022-01-23 00:00:00+00';
const rentalDays = 185;
const secondsADay = 86_400;

/** Rentals in the order of their dates, and what was paid for them. */
export function rentalRows(sizes: Sizes): string[] {
  const { customers, stores, staff, inventory, rentals, rentalsStillOut, secondPayments } = sizes;
  const spacing = Math.floor((rentalDays * secondsADay * 1_000_000) / rentals);
  // Goes round all copies before it takes one again, weeks later: nothing is rented twice at the same time.
  const stride = [7919, 104_729].find((prime) => inventory % prime !== 0) ?? 1;
  return [
    `insert into rental
     select i, rental_date, inventory_id, customer_id, return_date, staff_id, coalesce(return_date, rental_date)
     from (
       select i, rental_date, inventory_id,
         1 + ${chance(210, 'i', customers)} as customer_id,
         case when i <= ${rentals - rentalsStillOut} then
           rental_date + (${secondsADay} + ${chance(211, 'i', 9 * secondsADay)}) * interval '1 second' end as return_date,
         store_id + ${stores} * ${chance(212, 'i', Math.floor(staff / stores))} as staff_id
       from (
         select i, ${later(firstRental, `(i - 1) * ${spacing} + ${chance(213, 'i', spacing)}`)} as rental_date,
           1 + (i - 1) * ${stride} % ${inventory} as inventory_id
         from generate_series(1::bigint, ${rentals}) as i
       ) as rented join inventory using (inventory_id)
     ) as returned
     order by i`,

    `insert into payment
     select rental_id, customer_id, staff_id, rental_id,
       case when ${chance(220, 'rental_id', 600)} = 0 then 0
         else rental_rate + coalesce(greatest(0, extract(day from return_date - rental_date) - rental_duration), 0) end,
       rental_date + (1000000 + ${chance(221, 'rental_id', 600_000_000)}) * interval '1 microsecond'
     from rental join inventory using (inventory_id) join film using (film_id)
     order by rental_id`,

    `insert into payment
     select ${rentals} + i, customer_id, staff_id, rental_id, 1.00, rental_date + interval '1 day'
     from generate_series(1, ${secondPayments}) as i
       join rental on rental_id = i * ${Math.max(1, Math.floor(rentals / (secondPayments + 1)))}`,
  ];
}
