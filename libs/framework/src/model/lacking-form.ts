/** What a place has no form for: numbers that are not finite, NaN alone, or dates outside of the years 1 to 9999. */
export type LackingForm = 'not finite' | 'NaN' | 'far dates';
