package dev.roomline.bridge.api.whip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a PATCH says of a client's ICE, {@code application/trickle-ice-sdpfrag} (RFC 8840 §9), and
 * what we answer in the same words. Candidates are read over: a lite agent sends no checks, so it
 * needs none (RFC 8445 §2.5), and what a session cannot use it discards in silence (RFC 9725
 * §4.3.2).
 */
record IceFragment(String ufrag, String password) {
    static final String TYPE = "application/trickle-ice-sdpfrag";

    private static final int MOST_LINES = 1000;
    private static final String UFRAG = "a=ice-ufrag:";
    private static final String PASSWORD = "a=ice-pwd:";

    // RFC 8839 §5.4; - and _ have been seen of browsers
    private static final Pattern UFRAGS = Pattern.compile("[A-Za-z0-9+/_-]{4,256}");
    private static final Pattern PASSWORDS = Pattern.compile("[A-Za-z0-9+/_-]{22,256}");

    /** What came of reading one. */
    sealed interface Reading {
        record Parsed(IceFragment fragment) implements Reading {}

        /**
         * @param reason names the line or the attribute
         */
        record Malformed(String reason) implements Reading {}
    }

    static Reading parse(byte[] body) {
        List<String> lines = lines(body);
        if (lines.size() > MOST_LINES) {
            return new Reading.Malformed("has more than " + MOST_LINES + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean good =
                    line.isEmpty()
                            || ((line.startsWith("a=") || line.startsWith("m="))
                                    && line.chars().noneMatch(c -> c < ' ' && c != '\t'));
            if (!good) {
                return new Reading.Malformed("is wrong in line " + (i + 1) + ": a= or m= is due");
            }
        }
        List<String> ufrags = values(lines, UFRAG);
        List<String> passwords = values(lines, PASSWORD);
        if (ufrags.size() != 1 || !UFRAGS.matcher(ufrags.getFirst()).matches()) {
            return new Reading.Malformed("must have one a=ice-ufrag of 4 to 256 characters");
        }
        if (passwords.size() != 1 || !PASSWORDS.matcher(passwords.getFirst()).matches()) {
            return new Reading.Malformed("must have one a=ice-pwd of 22 to 256 characters");
        }
        return new Reading.Parsed(new IceFragment(ufrags.getFirst(), passwords.getFirst()));
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    /** Each once: all sections of a bundle say the same. */
    private static List<String> values(List<String> lines, String attribute) {
        return lines.stream()
                .filter(line -> line.startsWith(attribute))
                .map(line -> line.substring(attribute.length()).strip())
                .distinct()
                .toList();
    }

    /** Whether an offer, or an answer, has these credentials. */
    boolean isOf(byte[] description) {
        List<String> lines = lines(description);
        return values(lines, UFRAG).contains(ufrag) && values(lines, PASSWORD).contains(password);
    }

    /**
     * The offer of an ICE restart: all but ICE is as it was agreed (RFC 9725 §4.3.3).
     *
     * @param offer one that has been agreed
     */
    byte[] restarted(byte[] offer) {
        StringBuilder text = new StringBuilder();
        for (String line : lines(offer)) {
            if (line.startsWith(UFRAG)) {
                text.append(UFRAG).append(ufrag);
            } else if (line.startsWith(PASSWORD)) {
                text.append(PASSWORD).append(password);
            } else {
                text.append(line);
            }
            text.append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Names the ICE session that our answer began: a strong entity-tag (RFC 9725 §4.3.1), for our
     * user name is random and new with each.
     */
    static String tag(byte[] answer) {
        return "\"" + String.join("", values(lines(answer), UFRAG)) + "\"";
    }

    /** Of our answer, what an ICE restart is answered. */
    static byte[] ofAnswer(byte[] answer) {
        List<String> out = new ArrayList<>();
        int sections = 0;
        for (String line : lines(answer)) {
            sections += line.startsWith("m=") ? 1 : 0;
            boolean head =
                    sections == 0
                            && (line.equals("a=ice-lite")
                                    || line.startsWith("a=ice-options:")
                                    || line.startsWith("a=group:"));
            boolean first =
                    sections == 1
                            && (line.startsWith("m=")
                                    || line.startsWith("a=mid:")
                                    || line.startsWith(UFRAG)
                                    || line.startsWith(PASSWORD)
                                    || line.startsWith("a=candidate:")
                                    || line.equals("a=end-of-candidates"));
            if (head || first) {
                out.add(line);
            }
        }
        return (String.join("\r\n", out) + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
