package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Texts;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.outbound.CallerId;
import dev.roomline.bridge.outbound.CustomHeaders;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Fields that both generations' calls have in common, checked the same way. */
final class CallOrders {
    private static final Pattern KEYS = Pattern.compile("[0-9*#A-Da-dwW]{1,64}");
    private static final int TO = 255;
    private static final int FROM = 64;
    private static final String USUAL_ROLE = "guest";

    private CallOrders() {}

    /** Whom to call: needed, a number or an address; {@code ""} where it is wrong. */
    static String to(Loose body, String name) {
        String to = body.required(name, TO);
        Optional<Destination> destination = Destination.read(to);
        if (!to.isEmpty()
                && (destination.isEmpty() || destination.get() instanceof Destination.Account)) {
            body.fault(name + " must be a number, or a SIP address within the gateway's domain");
        }
        return to;
    }

    /** Under which number; its trunk is checked later. */
    static String from(Loose body, String name) {
        return body.text(name, FROM).orElse("");
    }

    /** What is wrong with the number to call under; empty: nothing. */
    static Optional<String> fromFault(String name, String from, Trunk trunk) {
        return CallerId.choose(from, trunk).isEmpty()
                ? Optional.of(name + " must be one of the gateway's numbers")
                : Optional.empty();
    }

    static Map<String, String> headers(Loose body) {
        Map<String, String> headers = body.map("headers", CustomHeaders.MOST);
        headers.forEach(
                (name, value) ->
                        CustomHeaders.fault(name, value)
                                .ifPresent(fault -> body.fault("headers: " + shown(name) + fault)));
        return headers;
    }

    /** A name that would break a line is not shown. */
    private static String shown(String name) {
        return Texts.plain(name, CustomHeaders.LONGEST_NAME) ? name + " " : "a name ";
    }

    /** Keys to press after the answer; true or false says nothing here: keys always pass. */
    static String keys(Loose body) {
        Optional<Object> wanted = body.any("dtmf").filter(value -> !(value instanceof Boolean));
        if (wanted.isEmpty()) {
            return "";
        }
        if (wanted.get() instanceof String keys && KEYS.matcher(keys).matches()) {
            return keys;
        }
        body.fault("dtmf must be true, false, or 1 to 64 of 0-9 * # A-D, and w to wait");
        return "";
    }

    /** Of the code that was named, as it lets others in. */
    static String role(RoomRow room, String named) {
        return room.codes().stream()
                .filter(code -> code.code().equalsIgnoreCase(named))
                .findFirst()
                .map(CodeRow::role)
                .orElse(USUAL_ROLE);
    }
}
