-- A small grey copy of each photo's middle (32 x 32 bytes), closed like the original: what two photos are compared by
-- once their fingerprints are alike. Null: printed before this was kept.
alter table photo_print add column small bytea;
