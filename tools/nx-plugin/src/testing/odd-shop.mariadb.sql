create table customer (
  customer_id int unsigned not null auto_increment primary key,
  name varchar(60) not null comment 'As on the letter; it''s "formal"',
  mood enum('so so', 'it''s good', 'bad') default 'so so',
  flags set('a', 'b') default 'a',
  balance decimal(12,2) not null default 0.50,
  tiny tinyint(1) default 1, huge bigint unsigned, ratio double default 0.5, small float,
  created timestamp(6) not null default current_timestamp(6) on update current_timestamp(6),
  changed datetime default current_timestamp, born date default '2000-01-01', at time(3), y year,
  doc json, notes mediumtext, code char(3) default 'abc', photo longblob, bits bit(3) default b'101',
  doubled decimal(14,2) generated always as (balance * 2) stored,
  referred_by int unsigned,
  key by_name (name), key by_two (name, balance), unique key by_code (code), unique key by_prefix (notes(10)),
  fulltext key by_words (notes), constraint fk_self foreign key (referred_by) references customer (customer_id)
) comment 'Who buys';
create table `Order` (`OrderId` bigint not null primary key, `customerId` int unsigned not null, `Placed At` datetime(3) not null, `select` int,
  foreign key (`customerId`) references customer (customer_id));
create table `Order Line` (`OrderId` bigint not null, line smallint not null, amount int not null, primary key (line, `OrderId`), foreign key (`OrderId`) references `Order` (`OrderId`));
create table log (at datetime, what text);
create table unique_only (a int not null, b varchar(10) not null, c int, unique (a, b), unique (c));
create table parted (id int not null, y int not null, primary key (id, y)) partition by hash (y) partitions 2;
create view named_customer as select customer_id, name from customer;
insert into customer (name, notes, huge, at, y, doc, photo) values ('A', 'note', 18446744073709551615, '10:11:12.345', 2024, '{"a": 1}', x'00ff');
insert into customer (name, code) values ('B', 'abd');
insert into `Order` values (9007199254740993, 1, '2024-02-29 23:59:59.999', 1);
insert into `Order Line` values (9007199254740993, 1, 3);
insert into log values ('2024-01-01 00:00:00', 'x'), (null, null), (null, null);
insert into unique_only values (1, 'x', null), (1, 'y', 2);
insert into parted values (1, 2023), (2, 2024);
