-- The same statements serve SQLite and PostgreSQL. Times are milliseconds since 1970 UTC; lists are JSON text.

CREATE TABLE rooms (
    id                 TEXT    NOT NULL PRIMARY KEY,
    name               TEXT    NOT NULL,
    browsers           TEXT    NOT NULL,
    max_participants   INTEGER NOT NULL,
    visible_attributes TEXT    NOT NULL,
    hide_numbers       BOOLEAN NOT NULL,
    created_at         BIGINT  NOT NULL,
    source             TEXT    NOT NULL
);
CREATE INDEX rooms_by_time ON rooms (created_at, id);
CREATE INDEX rooms_by_name ON rooms (name);

-- code_key: the code in lower case, by which it is compared.
-- keypad: how a phone's keys spell it; null where an older code has that spelling already.
CREATE TABLE room_codes (
    code_key TEXT    NOT NULL PRIMARY KEY,
    room_id  TEXT    NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    code     TEXT    NOT NULL,
    keypad   TEXT    UNIQUE,
    role     TEXT    NOT NULL,
    pin      TEXT    NOT NULL,
    entry    TEXT    NOT NULL,
    enabled  BOOLEAN NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX room_codes_by_room ON room_codes (room_id, position);

CREATE TABLE accounts (
    id         TEXT   NOT NULL PRIMARY KEY,
    username   TEXT   NOT NULL UNIQUE,
    realm      TEXT   NOT NULL,
    ha1_md5    TEXT   NOT NULL,
    ha1_sha256 TEXT   NOT NULL,
    rooms      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    source     TEXT   NOT NULL
);

-- secret_sealed: AES-GCM under the key in data_dir. Of the token only its SHA-256 is here.
CREATE TABLE api_keys (
    id            TEXT   NOT NULL PRIMARY KEY,
    api_key       TEXT   NOT NULL UNIQUE,
    secret_sealed TEXT   NOT NULL,
    token_sha256  TEXT   UNIQUE,
    name          TEXT   NOT NULL,
    scopes        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    source        TEXT   NOT NULL
);

CREATE TABLE calls (
    id             TEXT    NOT NULL PRIMARY KEY,
    direction      TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    room           TEXT,
    participant    TEXT,
    trunk          TEXT,
    account        TEXT,
    from_party     TEXT    NOT NULL,
    to_party       TEXT    NOT NULL,
    name           TEXT,
    user_id        TEXT,
    sip_call_id    TEXT    NOT NULL,
    started_at     BIGINT  NOT NULL,
    answered_at    BIGINT,
    ended_at       BIGINT,
    end_reason     TEXT,
    end_culprit    TEXT,
    end_sip_status INTEGER NOT NULL,
    end_text       TEXT,
    detail         TEXT    NOT NULL
);
CREATE INDEX calls_by_time ON calls (started_at, id);
CREATE INDEX calls_by_room ON calls (room, started_at);
CREATE INDEX calls_by_state ON calls (state);
CREATE INDEX calls_by_end ON calls (ended_at);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
