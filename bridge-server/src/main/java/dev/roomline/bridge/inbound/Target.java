package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.TelephoneNumber;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a Request-URI means here. */
sealed interface Target {

    /** A room code, so far only by its looks. */
    record Code(String code) implements Target {}

    /**
     * @param number canonical: digits, with a plus sign if one was sent
     * @param asSent the user part: a code of one's own may look like a number
     */
    record Dialled(String number, String asSent) implements Target {}

    /** Nothing that could be a room. */
    record Nowhere(String why) implements Target {}

    /** 416. */
    record UnservedScheme(String scheme) implements Target {}

    /**
     * A user part of digits is a number, even where it looks like a code: codes that we make hold
     * letters.
     *
     * @param domains empty: the host is not checked
     */
    static Target of(SipUri uri, List<String> domains) {
        String user = uri.user();
        return switch (uri.scheme()) {
            case "tel" ->
                    dialled(user, uri.parameters().get("phone-context"))
                            .orElse(new Nowhere("the tel URI holds no number"));
            case "sip", "sips" -> ofSip(user, uri.host(), domains);
            default -> new UnservedScheme(uri.scheme());
        };
    }

    private static Target ofSip(@Nullable String user, String host, List<String> domains) {
        if (!domains.isEmpty()
                && domains.stream().noneMatch(d -> d.toLowerCase(Locale.ROOT).equals(host))) {
            return new Nowhere("host is none of sip.domains");
        }
        if (user == null || user.isEmpty()) {
            return new Nowhere("the Request-URI has no user part");
        }
        Optional<Target> number = dialled(user, parameter(user, "phone-context"));
        if (number.isPresent()) {
            return number.get();
        }
        return CodeBook.isCode(user)
                ? new Code(user)
                : new Nowhere("the user part is neither a room code nor a number");
    }

    /**
     * Parameters of a telephone-subscriber (RFC 3966 §3) do not belong to the number, but for the
     * context of a local one: the leading digits of the global number (§5.1.5).
     */
    private static Optional<Target> dialled(@Nullable String user, @Nullable String context) {
        if (user == null) {
            return Optional.empty();
        }
        int semicolon = user.indexOf(';');
        String bare = semicolon < 0 ? user : user.substring(0, semicolon);
        return TelephoneNumber.canonical(bare)
                .map(number -> inContext(number, context))
                .map(number -> new Dialled(number, bare));
    }

    private static String inContext(String number, @Nullable String context) {
        if (number.startsWith("+") || context == null || !context.startsWith("+")) {
            return number;
        }
        return TelephoneNumber.canonical(context).map(leading -> leading + number).orElse(number);
    }

    private static @Nullable String parameter(String user, String name) {
        String[] parts = user.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0 && parts[i].substring(0, equals).strip().equalsIgnoreCase(name)) {
                return parts[i].substring(equals + 1).strip();
            }
        }
        return null;
    }
}
