-- Keys that the server made for itself, sealed: what it signs webhooks with, so that receivers' copies of the public part stay good.
CREATE TABLE server_keys (
    name       TEXT   NOT NULL PRIMARY KEY,
    key_sealed TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
