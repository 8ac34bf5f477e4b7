package dev.roomline.bridge.inbound;

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
     */
    record Dialled(String number) implements Target {}

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
            case "tel" -> number(user).<Target>map(Dialled::new).orElse(new Nowhere("no number"));
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
        Optional<String> number = number(user);
        if (number.isPresent()) {
            return new Dialled(number.get());
        }
        return CodeBook.isCode(user)
                ? new Code(user)
                : new Nowhere("the user part is neither a room code nor a number");
    }

    /** Parameters of a telephone-subscriber (RFC 3966 §3) do not belong to the number. */
    private static Optional<String> number(@Nullable String user) {
        if (user == null) {
            return Optional.empty();
        }
        int semicolon = user.indexOf(';');
        return NumberMask.canonical(semicolon < 0 ? user : user.substring(0, semicolon));
    }
}
