const newline = 0x0a;
const quoteMark = 0x22;

/** The rows of a piece of csv that ends with one, their newlines included; a newline inside quotes ends none. */
export function* csvRows(csv: Buffer): Generator<Buffer> {
  let start = 0;
  let insideQuotes = false;
  for (let at = 0; at < csv.length; at++) {
    if (csv[at] === quoteMark) insideQuotes = !insideQuotes;
    else if (csv[at] === newline && !insideQuotes) {
      yield csv.subarray(start, at + 1);
      start = at + 1;
    }
  }
  if (start < csv.length) yield csv.subarray(start);
}
