package dev.roomline.sip.refer;

import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipUri;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a REFER names (RFC 3515 §2.1).
 *
 * @param uriText without headers and without a {@code method} of INVITE
 * @param replaces the dialog that the new call is to replace; null for none
 */
public record ReferTo(SipUri uri, String uriText, @Nullable Replaces replaces) {
    private static final int MOST_CHARACTERS = 1024;

    /** What a REFER says. */
    public sealed interface Reading {
        record Good(ReferTo target) implements Reading {}

        /**
         * @param status 400, or 501 where something else than a call is wanted
         */
        record Bad(int status, String fault) implements Reading {}
    }

    public static Reading read(SipRequest refer) {
        List<String> values = refer.headers("Refer-To");
        if (values.size() != 1) {
            // §2.4.2: exactly one
            return bad(values.isEmpty() ? "Missing Refer-To" : "More Than One Refer-To");
        }
        return read(values.getFirst());
    }

    static Reading read(String value) {
        String uri = addrSpec(value.strip());
        if (uri.isEmpty() || uri.length() > MOST_CHARACTERS) {
            return bad("Bad Refer-To");
        }
        int question = uri.indexOf('?');
        String bare = question < 0 ? uri : uri.substring(0, question);
        SipUri target = ContactList.uri(bare).orElse(null);
        if (target == null) {
            return bad("Bad Refer-To");
        }
        String method = target.parameters().getOrDefault("method", "INVITE");
        if (!method.equalsIgnoreCase("INVITE")) {
            return new Reading.Bad(501, "Only calls are made for a REFER");
        }
        if (question < 0) {
            return good(target, bare, null);
        }
        Optional<String> wanted = header(uri.substring(question + 1), "replaces");
        Optional<Replaces> replaces = wanted.flatMap(Replaces::read);
        return wanted.isPresent() && replaces.isEmpty()
                ? bad("Bad Replaces In Refer-To")
                : good(target, bare, replaces.orElse(null));
    }

    private static Reading good(SipUri uri, String text, @Nullable Replaces replaces) {
        return new Reading.Good(new ReferTo(uri, withoutMethod(text), replaces));
    }

    private static Reading bad(String fault) {
        return new Reading.Bad(400, fault);
    }

    /**
     * RFC 3261 §20: without angle brackets parameters are the header's, and there is no {@code ?}.
     */
    private static String addrSpec(String value) {
        int from = 0;
        if (value.startsWith("\"")) {
            from = 1;
            while (from < value.length() && value.charAt(from) != '"') {
                from += value.charAt(from) == '\\' ? 2 : 1;
            }
            if (from >= value.length()) {
                return "";
            }
        }
        int open = value.indexOf('<', from);
        if (open >= 0) {
            int close = value.indexOf('>', open);
            return close < 0 ? "" : value.substring(open + 1, close).strip();
        }
        int semicolon = value.indexOf(';');
        return semicolon < 0 ? value : value.substring(0, semicolon).strip();
    }

    private static String withoutMethod(String uri) {
        StringBuilder kept = new StringBuilder();
        for (String part : uri.split(";", -1)) {
            if (!part.toLowerCase(Locale.ROOT).startsWith("method=")) {
                kept.append(kept.isEmpty() ? "" : ";").append(part);
            }
        }
        return kept.toString();
    }

    private static Optional<String> header(String headers, String wanted) {
        for (String part : headers.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).equalsIgnoreCase(wanted)) {
                return Optional.of(unescaped(part.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    /** What is no escape stays as it is. */
    private static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? digit(text.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : digit(text.charAt(i + 2));
            if (low >= 0) {
                bytes.write(high * 16 + low);
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
