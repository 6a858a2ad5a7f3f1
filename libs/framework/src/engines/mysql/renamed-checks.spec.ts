import { expect, it } from '@jest/globals';
import { withRenamedColumns } from './renamed-checks.ts';

it.each([
  ['(`rating` > 0)', '(`stars` > 0)'],
  ["(`title` <> _utf8mb4'it\\'s `rating` \\\\ ')", "(`title` <> _utf8mb4'it\\'s `rating` \\\\ ')"],
  ["(`rating` in ('`', '''`rating`'))", "(`stars` in ('`', '''`rating`'))"],
  ['(`rat``ing` < `rating`)', '(`rat``ing` < `stars`)'],
  ['(`prerating` < 1)', '(`prerating` < 1)'],
])('follows a renamed column in %s', (expression, renamed) => {
  expect(withRenamedColumns(expression, [{ from: 'rating', to: 'stars' }])).toBe(renamed);
});
