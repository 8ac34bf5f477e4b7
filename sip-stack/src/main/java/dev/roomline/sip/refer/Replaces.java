package dev.roomline.sip.refer;

import java.util.Locale;
import java.util.Optional;

/**
 * Which dialog is to be replaced (RFC 3891 §6.1), its tags as whoever is asked to replace it sees
 * them.
 *
 * @param toTag whose dialog it is: the local tag of who gets it
 * @param fromTag the other side's
 * @param earlyOnly only while it is not answered
 */
public record Replaces(String callId, String toTag, String fromTag, boolean earlyOnly) {

    /** Empty where it is none: both tags are needed, each once. */
    public static Optional<Replaces> read(String value) {
        String[] parts = value.split(";", -1);
        String callId = parts[0].strip();
        String toTag = "";
        String fromTag = "";
        boolean early = false;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String text = equals < 0 ? "" : parts[i].substring(equals + 1).strip();
            switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "to-tag" -> {
                    if (!toTag.isEmpty() || text.isEmpty()) {
                        return Optional.empty();
                    }
                    toTag = text;
                }
                case "from-tag" -> {
                    if (!fromTag.isEmpty() || text.isEmpty()) {
                        return Optional.empty();
                    }
                    fromTag = text;
                }
                case "early-only" -> early = true;
                default -> {}
            }
        }
        boolean whole =
                isWord(callId) && !toTag.isEmpty() && !fromTag.isEmpty() && isWord(toTag + fromTag);
        return whole ? Optional.of(new Replaces(callId, toTag, fromTag, early)) : Optional.empty();
    }

    private static boolean isWord(String text) {
        return !text.isEmpty()
                && text.length() <= 512
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',');
    }

    /** As the header says it. */
    public String value() {
        return callId
                + ";to-tag="
                + toTag
                + ";from-tag="
                + fromTag
                + (earlyOnly ? ";early-only" : "");
    }
}
