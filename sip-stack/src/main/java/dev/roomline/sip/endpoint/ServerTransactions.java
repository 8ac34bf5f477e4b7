package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.Via;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Living server transactions, found by RFC 3261 §17.2.3 and, for merged requests, §8.2.2.2. */
final class ServerTransactions {
    private final Map<Key, InboundRequest> byBranch = new HashMap<>();
    private final Map<Origin, InboundRequest> byOrigin = new HashMap<>();

    /** §17.2.3: branch, sent-by, and method where an ACK is its INVITE's. */
    record Key(String branch, String sentBy, String method) {}

    /** §8.2.2.2: the same request by another path has these alike and another branch. */
    record Origin(String callId, String fromTag, long cseq, String method) {}

    /**
     * What a transaction is found by.
     *
     * @param origin null inside a dialog and for a CANCEL
     */
    record Names(Key key, @Nullable Origin origin) {}

    static Names names(ParsedRequest request) {
        boolean mergeable = request.toTag() == null && !request.method().equals("CANCEL");
        return new Names(key(request, request.method()), mergeable ? origin(request) : null);
    }

    private static Key key(ParsedRequest request, String method) {
        Via via = request.topVia();
        return new Key(request.branch(), via.sentBy(), method);
    }

    private static Origin origin(ParsedRequest request) {
        return new Origin(request.callId(), request.fromTag(), request.cseq(), request.method());
    }

    Map<String, Integer> tables() {
        return Map.of("byBranch", byBranch.size(), "byOrigin", byOrigin.size());
    }

    int size() {
        return byBranch.size();
    }

    /** The transaction that this request repeats, or that this ACK ends. */
    @Nullable InboundRequest matching(ParsedRequest request) {
        String method = request.method();
        return byBranch.get(key(request, method.equals("ACK") ? "INVITE" : method));
    }

    /** Whether a request of this branch and method is being served. */
    boolean serves(Via via, String method) {
        return byBranch.containsKey(new Key(String.valueOf(via.branch()), via.sentBy(), method));
    }

    /** The INVITE that this CANCEL is for (§9.2). */
    @Nullable InboundRequest cancelled(ParsedRequest cancel) {
        return byBranch.get(key(cancel, "INVITE"));
    }

    /** Whether this request outside a dialog came before by another path. */
    boolean isMerged(ParsedRequest request) {
        return request.toTag() == null && byOrigin.containsKey(origin(request));
    }

    void add(InboundRequest inbound) {
        byBranch.put(inbound.names.key(), inbound);
        if (inbound.names.origin() != null) {
            byOrigin.put(inbound.names.origin(), inbound);
        }
    }

    void remove(InboundRequest inbound) {
        byBranch.remove(inbound.names.key(), inbound);
        if (inbound.names.origin() != null) {
            byOrigin.remove(inbound.names.origin(), inbound);
        }
    }
}
