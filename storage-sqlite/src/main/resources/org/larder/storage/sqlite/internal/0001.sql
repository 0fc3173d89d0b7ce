-- The store's own tables. Their names begin with '_', as no collection's name does.

-- One row: who this store is, whether it may be read, how often its log was forced.
CREATE TABLE _store (
  store_id TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  forced INTEGER NOT NULL DEFAULT 0
);

-- How far each follower got: the next sequence to apply.
CREATE TABLE _position (
  follower TEXT NOT NULL,
  lane INTEGER NOT NULL,
  journal TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (follower, lane)
) WITHOUT ROWID;

-- The collections, in the newest version that the store was made ready for.
CREATE TABLE _collection (
  name TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  definition BLOB NOT NULL
) WITHOUT ROWID;

-- 'Lard': lets file(1) and the backend tell whose database this is.
PRAGMA application_id = 1281454692;
