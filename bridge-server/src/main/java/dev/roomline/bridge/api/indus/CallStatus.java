package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.CallOutcome;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls.Placed.Progress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a call stands, in the words of this dialect: its column of the one table of endings. */
enum CallStatus {
    INITIATED(Progress.SETTING_UP),
    ANSWERED(Progress.TALKING),
    COMPLETED(Progress.ENDED),
    BUSY(Progress.ENDED),
    NO_ANSWER(Progress.ENDED),
    REJECTED(Progress.ENDED),
    CANCELLED(Progress.ENDED),
    UNREACHABLE(Progress.ENDED),
    /** A word of the dialect; what rings out is {@code no_answer} in the table. */
    TIMEOUT(Progress.ENDED),
    FAILED(Progress.ENDED);

    private final Progress progress;

    CallStatus(Progress progress) {
        this.progress = progress;
    }

    Progress progress() {
        return progress;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CallStatus> named(String label) {
        return Arrays.stream(values()).filter(status -> status.label().equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(CallStatus::label).collect(Collectors.joining(", "));
    }

    static CallStatus of(CallRow row) {
        return CallOutcome.of(row)
                .map(CallStatus::of)
                .orElseGet(() -> row.answeredAt() == null ? INITIATED : ANSWERED);
    }

    private static CallStatus of(CallOutcome outcome) {
        return switch (outcome) {
            case TALKED -> COMPLETED;
            case BUSY -> BUSY;
            case DECLINED, BARRED -> REJECTED;
            case NO_ANSWER -> NO_ANSWER;
            case NO_SUCH_NUMBER -> UNREACHABLE;
            case GIVEN_UP -> CANCELLED;
            case FAILED, CUT_OFF, NO_CALL -> FAILED;
        };
    }

    /** Labels of the endings that are told by this word. */
    Set<String> reasons() {
        return Arrays.stream(EndReason.values())
                .filter(reason -> progress == Progress.ENDED && of(CallOutcome.of(reason)) == this)
                .map(EndReason::label)
                .collect(Collectors.toUnmodifiableSet());
    }
}
