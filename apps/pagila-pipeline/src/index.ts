import { definePipeline, result } from '@datakit/framework';
import * as Gold from '@datakit/gold-pagila';

/** From the source to gold, and what the business asks for first. */
export default definePipeline({
  results: [
    result('Top categories by revenue', { revenue: Gold.MonthlyRevenue }, (from, { approximately, sum }) =>
      from
        .selectFrom('revenue')
        .groupBy('revenue.category')
        .orderBy(approximately(sum('revenue.revenue')), 'desc')
        .orderBy('revenue.category')
        .limit(5)
        .select((eb) => [
          'revenue.category',
          sum('revenue.revenue').as('revenue'),
          eb.fn.sum<number>('revenue.rentals').as('rentals'),
        ]),
    ),
  ],
});
