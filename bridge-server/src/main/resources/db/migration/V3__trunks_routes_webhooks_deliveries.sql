-- The same statements serve SQLite and PostgreSQL. Columns named …_sealed are AES-GCM (see docs/adr/0006-rows-that-survive.md).
-- source: file or api. position: the order of the file; what the API made comes after it, by time.

-- settings: the fields of the configuration as JSON; nobody asks for them one by one.
CREATE TABLE trunks (
    id              TEXT    NOT NULL PRIMARY KEY,
    settings_sealed TEXT    NOT NULL,
    position        INTEGER NOT NULL,
    created_at      BIGINT  NOT NULL,
    source          TEXT    NOT NULL
);

-- trunk: empty is any, so it refers to a trunk without being its child.
CREATE TABLE routes (
    id         TEXT    NOT NULL PRIMARY KEY,
    number     TEXT    NOT NULL,
    trunk      TEXT    NOT NULL,
    room       TEXT    NOT NULL,
    ask        TEXT    NOT NULL,
    webhook    TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    created_at BIGINT  NOT NULL,
    source     TEXT    NOT NULL,
    UNIQUE (number, trunk)
);

CREATE TABLE webhooks (
    id             TEXT    NOT NULL PRIMARY KEY,
    url            TEXT    NOT NULL,
    format         TEXT    NOT NULL,
    secret_sealed  TEXT    NOT NULL,
    events         TEXT    NOT NULL,
    headers_sealed TEXT    NOT NULL,
    allow_private  BOOLEAN NOT NULL,
    position       INTEGER NOT NULL,
    created_at     BIGINT  NOT NULL,
    source         TEXT    NOT NULL
);

-- The outbox. subject: the call whose events go out one after the other; empty: no order is kept.
-- place: its turn among those of the same webhook and subject. state: waiting, delivered or given_up.
CREATE TABLE deliveries (
    id          TEXT    NOT NULL PRIMARY KEY,
    webhook_id  TEXT    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id    TEXT    NOT NULL,
    event_type  TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    place       BIGINT  NOT NULL,
    body        TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL,
    next_try_at BIGINT  NOT NULL,
    last_status INTEGER NOT NULL,
    last_error  TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    ended_at    BIGINT,
    UNIQUE (webhook_id, subject, place)
);
CREATE INDEX deliveries_by_turn ON deliveries (state, next_try_at);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, created_at, id);
CREATE INDEX deliveries_by_end ON deliveries (ended_at);

-- What a create answered under an Idempotency-Key; name is a hash of who asked for what under which key.
CREATE TABLE idempotent_answers (
    name           TEXT   NOT NULL PRIMARY KEY,
    request_sha256 TEXT   NOT NULL,
    answer_sealed  TEXT   NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX idempotent_answers_by_time ON idempotent_answers (created_at, name);
