package dev.roomline.sip.refer;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A NOTIFY of the refer package (RFC 3515 §2.4.4): how far the call has come that a REFER asked
 * for.
 *
 * @param id which REFER of the dialog is meant, by its CSeq; empty: its only one (§2.4.6)
 * @param over the subscription has ended with it (RFC 6665 §4.1.3)
 * @param expiresSeconds how long it goes on; −1 where that is not said
 * @param reason why it ended, in the peer's word; empty where it says none
 * @param said null: nothing of the call
 */
public record Notice(
        String id, boolean over, long expiresSeconds, String reason, @Nullable SipFrag said) {
    public static final String PACKAGE = "refer";

    private static final int MOST_ID = 32;

    /** What a NOTIFY came to. */
    public sealed interface Reading {
        record Good(Notice notice) implements Reading {}

        record Bad(int status, List<HeaderField> headers) implements Reading {}
    }

    public static Reading read(SipRequest notify) {
        String event = notify.header("Event").orElse("");
        if (!word(event).equalsIgnoreCase(PACKAGE)) {
            // RFC 6665 §7.3.2
            return bad(489, new HeaderField("Allow-Events", PACKAGE));
        }
        String id = parameter(event, "id").orElse("");
        if (id.length() > MOST_ID) {
            return bad(400);
        }
        Body body = notify.body();
        if (body != null && !body.contentType().equals(SipFrag.TYPE)) {
            return bad(415, new HeaderField("Accept", SipFrag.TYPE));
        }
        Optional<SipFrag> said = body == null ? Optional.empty() : SipFrag.read(body.bytes());
        if (body != null && said.isEmpty()) {
            return bad(400);
        }
        String state = notify.header("Subscription-State").orElse("");
        return new Reading.Good(
                new Notice(
                        id,
                        word(state).equalsIgnoreCase("terminated"),
                        seconds(parameter(state, "expires").orElse("")),
                        parameter(state, "reason").orElse(""),
                        said.orElse(null)));
    }

    private static Reading bad(int status, HeaderField... headers) {
        return new Reading.Bad(status, List.of(headers));
    }

    private static String word(String value) {
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
    }

    private static Optional<String> parameter(String value, String wanted) {
        String[] parts = value.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0
                    && parts[i].substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(wanted)) {
                return Optional.of(parts[i].substring(equals + 1).strip());
            }
        }
        return Optional.empty();
    }

    private static long seconds(String text) {
        boolean number =
                !text.isEmpty()
                        && text.length() <= 9
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : -1;
    }
}
