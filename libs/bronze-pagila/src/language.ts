import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Language = defineEntity({
  name: 'Language',
  tableName: 'language',
  properties: {
    language_id: p.integer().primary(),
    // Padded with blanks to 20 characters, as the source keeps it.
    name: p.character().length(20),
    last_update: p.datetime(6),
    ...bronzeMetadata,
  },
});
