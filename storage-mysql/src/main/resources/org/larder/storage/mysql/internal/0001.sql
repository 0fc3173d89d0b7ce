-- The store's own tables. Their names begin with '_', as no collection's name does. Tables are made
-- outside of transactions, so each statement bears being run again.

-- One row: who this store is, whether it may be read. A second store cannot come to be beside it.
CREATE TABLE IF NOT EXISTS _store (
  only_one TINYINT NOT NULL DEFAULT 1 PRIMARY KEY,
  store_id CHAR(36) NOT NULL,
  lifecycle VARCHAR(16) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How far each follower got: the next sequence to apply.
CREATE TABLE IF NOT EXISTS _position (
  follower VARCHAR(64) NOT NULL,
  lane INT NOT NULL,
  journal CHAR(36) NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (follower, lane)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The collections, in the newest version that the store was made ready for.
CREATE TABLE IF NOT EXISTS _collection (
  name VARCHAR(64) NOT NULL PRIMARY KEY,
  version INT NOT NULL,
  definition MEDIUMBLOB NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
