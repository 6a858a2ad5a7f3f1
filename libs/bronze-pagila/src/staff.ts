import { defineEntity, p } from '@mikro-orm/core';
import { bronzeMetadata } from '@datakit/framework';

export const Staff = defineEntity({
  name: 'Staff',
  tableName: 'staff',
  properties: {
    staff_id: p.integer().primary(),
    first_name: p.text(),
    last_name: p.text(),
    address_id: p.integer(),
    email: p.text().nullable(),
    store_id: p.integer(),
    active: p.boolean(),
    username: p.text(),
    password: p.text().nullable(),
    last_update: p.datetime(6),
    picture: p.blob().nullable(),
    ...bronzeMetadata,
  },
});
