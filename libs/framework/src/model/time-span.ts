const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** Milliseconds of `90 minutes`, `2 hours`, `1 day`, `1.5 weeks`; undefined for what is no such span. */
export function parseTimeSpan(text: string): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?\s*$/.exec(text) ?? [];
  const span = Number(amount) * unitMs[unit as keyof typeof unitMs];
  return span > 0 && Number.isSafeInteger(Math.round(span)) ? Math.round(span) : undefined;
}

/** A span for people, in its two greatest units: `3 days 4 hours`. */
export function formatTimeSpan(spanMs: number): string {
  let minutes = Math.floor(spanMs / unitMs.minute);
  const parts: string[] = [];
  for (const [unit, size] of [
    ['day', 1440],
    ['hour', 60],
    ['minute', 1],
  ] as const) {
    const count = Math.floor(minutes / size);
    minutes -= count * size;
    if (count > 0) parts.push(`${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? 'less than a minute' : parts.slice(0, 2).join(' ');
}
