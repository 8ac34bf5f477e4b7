package dev.roomline.bridge.peer;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;

/**
 * Why a session's request was not done.
 *
 * @param status as HTTP would say it
 * @param reason a label of the end table where one fits, else empty
 * @param retryAfterSeconds 0: nothing to wait for
 */
record SessionFault(
        int status, String title, String detail, String reason, long retryAfterSeconds) {

    static final SessionFault NOT_JOINED =
            of(409, "Not joined", "Join a room (or resume) before anything else.");
    static final SessionFault ALREADY_JOINED =
            of(409, "Already joined", "This session has joined a room; leave it first.");
    static final SessionFault NOT_ALLOWED =
            new SessionFault(
                    403,
                    "Not allowed",
                    "The role of this participant does not allow that.",
                    EndReason.NOT_ALLOWED.label(),
                    0);
    static final SessionFault GONE = of(404, "Not found", "No such participant; join again.");
    static final SessionFault UNREADABLE =
            of(400, "Bad request", "A message is text: one JSON object.");
    static final SessionFault TOO_LONG =
            of(413, "Content too large", "A message has at most 262144 octets.");
    static final SessionFault UNAVAILABLE =
            of(503, "Unavailable", "The server cannot do that now.");

    static SessionFault of(int status, String title, String detail) {
        return new SessionFault(status, title, detail, "", 0);
    }

    static SessionFault bad(String detail) {
        return of(422, "Invalid request", detail);
    }

    /** What a join that did not succeed is answered. */
    static SessionFault join(JoinOutcome outcome) {
        return switch (outcome) {
            case JoinOutcome.UnknownCode _ -> of(EndReason.UNKNOWN_ROOM, "Unknown room");
            case JoinOutcome.Full _ -> of(EndReason.ROOM_FULL, "Room full");
            case JoinOutcome.TooFast(var retryAfter) ->
                    new SessionFault(
                            429,
                            "Too many requests",
                            "Too many wrong room codes came from this address.",
                            "",
                            Math.max(1, retryAfter.toSeconds()));
            case JoinOutcome.Unavailable(String detail) -> of(503, "Unavailable", detail);
            case JoinOutcome.BadOffer(String detail) -> of(422, "Bad offer", detail);
            case JoinOutcome.Joined _ -> throw new IllegalArgumentException("that is no fault");
        };
    }

    private static SessionFault of(EndReason reason, String title) {
        return new SessionFault(reason.httpStatus(), title, reason.sentence(), reason.label(), 0);
    }
}
