package dev.roomline.sip.endpoint;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one end of a wire asked and what came to it, by Call-ID and CSeq: whoever gives up a call
 * can be held to it.
 */
final class WireBooks {
    private final Map<String, Set<String>> asked = new HashMap<>();
    private final Map<String, Set<String>> answered = new HashMap<>();
    private final Map<String, Set<String>> heard = new HashMap<>();

    private static Set<String> of(Map<String, Set<String>> all, String callId) {
        return all.computeIfAbsent(callId, id -> new HashSet<>());
    }

    /** A request leaves; an ACK asks nothing. */
    void asks(String callId, String cseq) {
        if (!cseq.endsWith(" ACK")) {
            of(asked, callId).add(cseq);
        }
    }

    /** A message comes. */
    void came(String callId, String cseq, boolean request) {
        of(request ? heard : answered, callId).add(cseq);
    }

    /** Something of ours has had no answer. */
    boolean isUnanswered(String callId) {
        return !of(answered, callId).containsAll(of(asked, callId));
    }

    /** Something that the other end asked has not come. */
    boolean misses(String callId, WireBooks other) {
        return !of(heard, callId).containsAll(of(other.asked, callId));
    }

    /** An INVITE came whose ACK did not. */
    boolean isUnacknowledged(String callId) {
        Set<String> came = of(heard, callId);
        return came.stream()
                .filter(cseq -> cseq.endsWith(" INVITE"))
                .anyMatch(invite -> !came.contains(invite.replace(" INVITE", " ACK")));
    }

    boolean hasAsked(String callId, String method) {
        return of(asked, callId).stream().anyMatch(cseq -> cseq.endsWith(" " + method));
    }

    boolean hasHeard(String callId, String method) {
        return of(heard, callId).stream().anyMatch(cseq -> cseq.endsWith(" " + method));
    }

    boolean hasAnswerTo(String callId, String method) {
        return of(answered, callId).stream().anyMatch(cseq -> cseq.endsWith(" " + method));
    }
}
