import type { FieldPacket } from 'mysql2/promise';
import type { CatalogueColumn } from './source-column.ts';

/** Numbers of the protocol's types. @see https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const names: Readonly<Record<number, string>> = {
  ...{ 0: 'decimal', 1: 'tinyint', 2: 'smallint', 3: 'int', 4: 'float', 5: 'double', 7: 'timestamp', 8: 'bigint' },
  ...{ 9: 'mediumint', 10: 'date', 11: 'time', 12: 'datetime', 13: 'year', 15: 'varchar', 16: 'bit', 245: 'json' },
  ...{ 246: 'decimal', 247: 'enum', 248: 'set', 253: 'varchar', 254: 'char', 255: 'geometry' },
  ...{ 249: 'longtext', 250: 'longtext', 251: 'longtext', 252: 'longtext' },
};
const flags = { unsigned: 32, enum: 256, set: 2048 } as const;
/** The character set of what is no text. */
const binary = 63;
const bytesOfCharacter = 4;

/** A column of a query in the words of the catalogue, as far as the protocol tells: what it is made of has no place there. */
export function catalogueOfField(field: FieldPacket): CatalogueColumn {
  const { name, columnType = 253, columnLength = 0, decimals = 0, characterSet = binary } = field;
  const bits = field.flags as number;
  const has = (flag: keyof typeof flags): boolean => (bits & flags[flag]) !== 0;
  const isText = characterSet !== binary;
  const dataType = has('enum') ? 'enum' : has('set') ? 'set' : typeName(columnType, isText);
  const isDecimal = dataType === 'decimal';
  // With room for a point and a sign.
  const digits = columnLength - (decimals > 0 ? 1 : 0) - (has('unsigned') ? 0 : 1);
  return {
    name,
    type: `${dataType}${has('unsigned') ? ' unsigned' : ''}`,
    dataType,
    nullable: true,
    // The field tells in which one it would be sent; so every text is converted.
    charset: null,
    length: ['char', 'varchar'].includes(dataType) ? columnLength / bytesOfCharacter : null,
    digits: isDecimal ? digits : dataType === 'bit' ? columnLength : null,
    scale: isDecimal ? decimals : null,
    fraction: ['time', 'datetime', 'timestamp'].includes(dataType) ? decimals : null,
    isJson: false,
  };
}

function typeName(number: number, isText: boolean): string {
  const name = names[number] ?? 'geometry';
  if (isText || !['char', 'varchar', 'longtext'].includes(name)) return name;
  return name === 'longtext' ? 'longblob' : 'varbinary';
}
