package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.videosdk.Peer.Direction;
import dev.roomline.bridge.config.TelephoneNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an outbound routing rule decides of a call that names it.
 *
 * @param ruleId of the rule
 * @param from one of its numbers
 * @param gateway that has this number; empty: none has
 * @param room in which the call goes where it names none itself; empty: one is made
 * @param headers of each of its calls
 */
record RuledCall(
        String ruleId, String from, String gateway, String room, Map<String, String> headers) {

    /**
     * Faults are the body's.
     *
     * @param from as the call says; empty: the rule's first number
     */
    static RuledCall of(RoutingRule rule, String from, Peers peers, Loose body) {
        List<String> numbers = rule.numbers().stream().map(RuledCall::canonical).toList();
        String shown = from.isEmpty() ? numbers.stream().findFirst().orElse("") : canonical(from);
        if (rule.isInbound()) {
            body.fault("routingRuleId must be that of an outbound rule");
        } else if (!numbers.contains(shown)) {
            body.fault("sipCallFrom must be one of the rule's numbers");
        }
        Optional<String> gateway =
                peers.list(Direction.OUTBOUND).stream()
                        .filter(peer -> numbersOf(peer).contains(shown))
                        .map(Peer::alias)
                        .findFirst();
        if (gateway.isEmpty() && !body.has("gatewayId")) {
            body.fault("sipCallFrom must be a number of an outbound gateway");
        }
        return new RuledCall(
                rule.id(), shown, gateway.orElse(""), rule.outboundRoom(), headers(rule));
    }

    private static List<String> numbersOf(Peer peer) {
        return peer.numbers().stream().map(RuledCall::canonical).toList();
    }

    private static String canonical(Object number) {
        return TelephoneNumber.canonical(String.valueOf(number)).orElse(String.valueOf(number));
    }

    private static Map<String, String> headers(RoutingRule rule) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (rule.kept().get("headers") instanceof Map<?, ?> kept) {
            kept.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
        }
        return headers;
    }

    /** The call's own headers, and over them the rule's. */
    Map<String, String> over(Map<String, String> ofCall) {
        Map<String, String> all = new LinkedHashMap<>(ofCall);
        all.putAll(headers);
        return all;
    }
}
