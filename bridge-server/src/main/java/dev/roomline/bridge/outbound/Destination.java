package dev.roomline.bridge.outbound;

import dev.roomline.bridge.config.TelephoneNumber;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whom a call is for, as the order writes it. */
public sealed interface Destination {
    Pattern ADDRESS =
            Pattern.compile(
                    "(?i)sip:([a-z0-9_.!~*'()&=+$%-]{1,64})@(\\[[0-9a-f:.]{2,45}\\]|[a-z0-9.-]{1,253})"
                            + "(?::\\d{1,5})?");
    Pattern ACCOUNT = Pattern.compile("(?i)sip:([^@\\s\"<>:;?]{1,64})");

    /** A telephone number, as it was written. */
    record Dialled(String text) implements Destination {}

    /**
     * An address within a trunk's own domain.
     *
     * @param user escaped as it was written
     * @param host in lower case, IPv6 without brackets
     */
    record Address(String user, String host) implements Destination {}

    /** A phone that registers here. */
    record Account(String username) implements Destination {}

    /** Empty where it is none of these. */
    static Optional<Destination> read(String to) {
        String text = to.strip();
        if (text.regionMatches(true, 0, "tel:", 0, 4)) {
            text = text.substring(4);
        }
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            String host = address.group(2).toLowerCase(Locale.ROOT);
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return Optional.of(new Address(address.group(1), bare));
        }
        Matcher account = ACCOUNT.matcher(text);
        if (account.matches()) {
            return Optional.of(new Account(account.group(1)));
        }
        return TelephoneNumber.is(text) ? Optional.of(new Dialled(text)) : Optional.empty();
    }
}
