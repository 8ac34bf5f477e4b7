package dev.roomline.bridge.event;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.Arrays;
import java.util.Optional;

/** Every kind of event that the API tells: a closed set. */
public enum EventType {
    CALL_DIALING("call.dialing", Scope.CALLS),
    CALL_RINGING("call.ringing", Scope.CALLS),
    CALL_ANSWERED("call.answered", Scope.CALLS),
    CALL_ENDED("call.ended", Scope.CALLS),
    CALL_REFUSED("call.refused", Scope.CALLS),
    CALL_TRANSFER("call.transfer", Scope.CALLS),
    CALL_MOVED("call.moved", Scope.CALLS),
    PARTICIPANT_RINGING("participant.ringing", Scope.ROOMS),
    PARTICIPANT_JOINED("participant.joined", Scope.ROOMS),
    PARTICIPANT_LEFT("participant.left", Scope.ROOMS),
    PARTICIPANT_UPDATED("participant.updated", Scope.ROOMS),
    PARTICIPANT_TALKING("participant.talking", Scope.ROOMS),
    DTMF_RECEIVED("dtmf.received", Scope.ROOMS),
    ROOM_STARTED("room.started", Scope.ROOMS),
    ROOM_ENDED("room.ended", Scope.ROOMS),
    TRUNK_UP("trunk.up", Scope.ADMIN),
    TRUNK_DOWN("trunk.down", Scope.ADMIN),
    TRUNK_REGISTERED("trunk.registered", Scope.ADMIN);

    private final String label;
    private final Scope scope;

    EventType(String label, Scope scope) {
        this.label = label;
        this.scope = scope;
    }

    /** As the API writes it. */
    public String label() {
        return label;
    }

    /** What a reader must hold, beside {@code admin} and {@code read}. */
    public Scope scope() {
        return scope;
    }

    public static Optional<EventType> of(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }

    /** Whether a pattern names it: {@code *}, {@code call.*} or the type itself. */
    public boolean matches(String pattern) {
        return pattern.equals("*")
                || pattern.equals(label)
                || (pattern.endsWith(".*")
                        && label.startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    /** Whether a pattern names any type at all. */
    public static boolean isPattern(String pattern) {
        return Arrays.stream(values()).anyMatch(type -> type.matches(pattern));
    }
}
