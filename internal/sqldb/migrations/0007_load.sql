-- +goose Up
-- Routing state that everyone needs: locked last, kept, never counted.
CREATE TABLE pool_state (
  pool    TEXT /*C*/ PRIMARY KEY,
  pointer TEXT /*C*/ NOT NULL
);
CREATE TABLE owner_load (
  object   TEXT /*C*/ NOT NULL,
  owner    TEXT /*C*/ NOT NULL,
  open     BIGINT NOT NULL,
  PRIMARY KEY (object, owner)
);
CREATE TABLE pool_load (
  pool     TEXT /*C*/ NOT NULL,
  member   TEXT /*C*/ NOT NULL,
  assigned BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  PRIMARY KEY (pool, member)
);

-- Numbers handed out in order: automatic numbers and the like.
CREATE TABLE counter (
  name TEXT /*C*/ PRIMARY KEY,
  n    BIGINT NOT NULL
);

-- Figures per company day, source and owner, kept in the transaction of their cause.
CREATE TABLE figure (
  object  TEXT /*C*/ NOT NULL,
  day     TEXT /*C*/ NOT NULL,
  source  TEXT /*C*/ NOT NULL,
  owner   TEXT /*C*/ NOT NULL,
  created BIGINT NOT NULL,
  touched BIGINT NOT NULL,
  within_24h BIGINT NOT NULL,
  within_30m BIGINT NOT NULL,
  PRIMARY KEY (object, day, source, owner)
);
-- Response times in buckets that grow by 5 %: bucket b holds [1.05^b, 1.05^(b+1)) seconds.
CREATE TABLE response_time (
  object TEXT /*C*/ NOT NULL,
  day    TEXT /*C*/ NOT NULL,
  source TEXT /*C*/ NOT NULL,
  owner  TEXT /*C*/ NOT NULL,
  bucket BIGINT NOT NULL,
  n      BIGINT NOT NULL,
  PRIMARY KEY (object, day, source, owner, bucket)
);
-- +goose Down
DROP TABLE response_time;
DROP TABLE figure;
DROP TABLE counter;
DROP TABLE pool_load;
DROP TABLE owner_load;
DROP TABLE pool_state;
