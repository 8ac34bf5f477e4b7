package dev.roomline.sip.endpoint;

import java.util.Set;

/** The methods that exist (IANA's registry): a closed set, so that a peer cannot invent labels. */
final class Methods {
    private static final Set<String> KNOWN =
            Set.of(
                    "INVITE",
                    "ACK",
                    "CANCEL",
                    "BYE",
                    "OPTIONS",
                    "REGISTER",
                    "INFO",
                    "UPDATE",
                    "PRACK",
                    "SUBSCRIBE",
                    "NOTIFY",
                    "REFER",
                    "MESSAGE",
                    "PUBLISH");

    private Methods() {}

    /** Whose requests and 2xx name where the peer reaches us (RFC 3515 §2.2, RFC 6665 §8.2.1). */
    static boolean wantsContact(String method) {
        return switch (method) {
            case "INVITE", "UPDATE", "REFER", "NOTIFY" -> true;
            default -> false;
        };
    }

    /** Not served is 405 for them, 501 for others (RFC 3261 §8.2.1, §21.5.2). */
    static boolean isKnown(String method) {
        return KNOWN.contains(method);
    }

    /** Outside a dialog they are 481 (RFC 3261 §15.1.2, RFC 3262 §3, RFC 3311 §5.2). */
    static boolean isInDialogOnly(String method) {
        return method.equals("BYE") || method.equals("UPDATE") || method.equals("PRACK");
    }

    /** Itself, {@code other}, or empty where it could not be read. */
    static String label(String method) {
        return method.isEmpty() || KNOWN.contains(method) ? method : "other";
    }
}
