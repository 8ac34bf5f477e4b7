package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call as its row says it. */
final class CallRows {
    private CallRows() {}

    /**
     * @param answeredAt null where no 200 left
     */
    static CallRow row(Call call, String state, @Nullable Instant answeredAt, String detail) {
        Caller caller = call.caller();
        CallMedia media = call.seated();
        CallEnd end = call.end();
        return new CallRow(
                call.id,
                call.direction(),
                state,
                caller == null ? null : caller.room(),
                media == null ? null : media.participantId(),
                caller == null ? null : caller.trunk(),
                caller == null ? null : caller.account(),
                caller == null ? "" : caller.from(),
                caller == null ? "" : caller.to(),
                caller == null ? null : caller.name(),
                caller == null ? null : caller.userId(),
                call.sipCallId(),
                call.startedAt,
                answeredAt,
                call.endedAt(),
                end == null ? null : end.reason().label(),
                end == null ? null : end.culprit().label(),
                call.refusedWith(),
                end == null ? null : end.text(),
                detail);
    }

    /** {@code dialing|ringing|answered|ended|refused}. */
    static String state(Call call) {
        CallEnd end = call.end();
        return switch (call) {
            case InboundCall _ when end != null ->
                    call.answeredAt() == null && end.reason() != EndReason.CANCELLED
                            ? "refused"
                            : "ended";
            // what never left the house was refused by us
            case PlacedCall _ when end != null -> call.isAdmitted() ? "ended" : "refused";
            case InboundCall _ -> call.answeredAt() == null ? "ringing" : "answered";
            case PlacedCall placed ->
                    call.answeredAt() != null ? "answered" : placed.rang() ? "ringing" : "dialing";
        };
    }

    static CallRow withDetail(CallRow row, String detail) {
        return new CallRow(
                row.id(),
                row.direction(),
                row.state(),
                row.room(),
                row.participant(),
                row.trunk(),
                row.account(),
                row.from(),
                row.to(),
                row.name(),
                row.userId(),
                row.sipCallId(),
                row.startedAt(),
                row.answeredAt(),
                row.endedAt(),
                row.endReason(),
                row.endCulprit(),
                row.endSipStatus(),
                row.endText(),
                detail);
    }
}
