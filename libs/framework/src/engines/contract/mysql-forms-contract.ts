import type { OddValue } from './odd-values.ts';

const infinite = /^(text:-?infinity|real:-?Inf)$/;

/** SQL that shows a stored value with its class, by the server's own conversion to text. */
export function shownByMysql(column: string, type: string): string {
  if (/^(boolean|smallint|integer|bigint)$/.test(type)) return `concat('integer:', ${column})`;
  if (/^(real|double)/.test(type)) return `concat('real:', ${column})`;
  return type === 'bytea' ? `concat('blob:', hex(${column}))` : `concat('text:', ${column})`;
}

/** As below; but the only zero among the odd values is a negative one, and MySQL keeps its sign. */
export function formOfMysql(type: string, portable: OddValue[1]): OddValue[1] {
  return portable === 'real:0.0' ? 'real:-0' : mysqlForm(type, portable);
}

/** How MySQL and MariaDB keep a portable value: dates and numbers that they do not have are refused. */
export function mysqlForm(type: string, portable: OddValue[1]): OddValue[1] {
  if (portable === null || portable === 'refused') return portable;
  switch (type) {
    case 'real':
    case 'double precision':
      return infinite.test(portable) ? 'refused' : `real:${Number(portable.slice('real:'.length))}`.replace('e+', 'e');
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      if (infinite.test(portable) || / BC$/.test(portable) || /^text:\d{5}/.test(portable)) return 'refused';
      return portable.replace('T', ' ').replace(/Z$/, '');
    case 'time':
      return portable.includes('.') ? portable : `${portable}.000000`;
    default:
      return portable;
  }
}
