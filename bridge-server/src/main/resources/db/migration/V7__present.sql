-- Who came and is not gone, as webhooks were told: what is to be told if the process dies before they go. By the participant's or room's id.
CREATE TABLE present (
    id   TEXT   NOT NULL PRIMARY KEY,
    kind TEXT   NOT NULL,
    told TEXT   NOT NULL
);
