-- What clients of hosted products say of an object, by its own id, and we only keep for them: JSON.
CREATE TABLE notes (
    kind  TEXT NOT NULL,
    owner TEXT NOT NULL,
    note  TEXT NOT NULL,
    PRIMARY KEY (kind, owner)
);
