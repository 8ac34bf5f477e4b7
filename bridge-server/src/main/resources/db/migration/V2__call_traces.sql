-- What a call's trace holds beyond its decisions: its messages and the black box of its media, as JSON. Kept for calls.trace_keep.
CREATE TABLE call_traces (
    call_id  TEXT   NOT NULL PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    ended_at BIGINT NOT NULL,
    trace    TEXT   NOT NULL
);
CREATE INDEX call_traces_by_end ON call_traces (ended_at);
