-- What Indus Net's dialect knows beyond trunks and calls themselves.

-- Outlives its trunk: one that is gone from trunks is shown as deactivated. webhook: empty is none.
CREATE TABLE passthrough_trunks (
    trunk      TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    mode       BOOLEAN NOT NULL,
    webhook    TEXT    NOT NULL,
    created_at BIGINT  NOT NULL
);

-- A call that was ordered, by the room that was made for it; metadata is JSON, empty where none was given.
CREATE TABLE passthrough_calls (
    id         TEXT   NOT NULL PRIMARY KEY,
    room       TEXT   NOT NULL UNIQUE,
    room_name  TEXT   NOT NULL,
    trunk      TEXT   NOT NULL,
    to_number  TEXT   NOT NULL,
    metadata   TEXT   NOT NULL,
    webhook    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX passthrough_calls_by_time ON passthrough_calls (created_at);
