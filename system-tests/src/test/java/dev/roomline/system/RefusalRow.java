package dev.roomline.system;

import java.util.List;
import java.util.Map;

/**
 * One row of the table of refusals: what a caller sends, and what it is answered.
 *
 * @param headers of our refusal, by patterns
 * @param decided words of a decision in the trace; empty where it never became a call
 */
record RefusalRow(
        String what,
        String target,
        String proof,
        String extra,
        String media,
        int status,
        String phrase,
        Map<String, String> headers,
        String reason,
        String culprit,
        String decided) {
    static final String SECRET = "AC5ecret0000000000000000000000001";
    static final String PROOF = "X-Account: " + SECRET;
    private static final String PCMU = "m=audio 4000 RTP/AVP 0";
    private static final String NO_HEADER = "X-Nothing: 0";

    static RefusalRow call(
            String what, String user, int status, String reason, String culprit, String decided) {
        return new RefusalRow(
                what, user, PROOF, NO_HEADER, PCMU, status, ".+", Map.of(), reason, culprit,
                decided);
    }

    RefusalRow with(String header, String pattern) {
        return new RefusalRow(
                what,
                target,
                proof,
                extra,
                media,
                status,
                phrase,
                Map.of(header, pattern),
                reason,
                culprit,
                decided);
    }

    RefusalRow media(String line) {
        return new RefusalRow(
                what, target, proof, extra, line, status, phrase, headers, reason, culprit,
                decided);
    }

    RefusalRow extra(String line, String sentence) {
        return new RefusalRow(
                what, target, proof, line, media, status, sentence, headers, reason, culprit,
                decided);
    }

    RefusalRow proof(String line) {
        return new RefusalRow(
                what, target, line, extra, media, status, phrase, headers, reason, culprit,
                decided);
    }

    static List<RefusalRow> all() {
        return List.of(
                RefusalRow.call(
                        "an unknown code",
                        "zzz-zzzz-zzz",
                        404,
                        "unknown_room",
                        "caller",
                        "no room has the code"),
                RefusalRow.call(
                        "a code for browsers",
                        "web-only-code",
                        404,
                        "unknown_room",
                        "caller",
                        "for browsers only"),
                RefusalRow.call(
                        "a number without a route",
                        "+15550199999",
                        404,
                        "unknown_room",
                        "caller",
                        "no route"),
                RefusalRow.call(
                        "another's room",
                        "others-code",
                        403,
                        "not_allowed",
                        "caller",
                        "rooms of trunk Main does not hold room others"),
                RefusalRow.call(
                                "no common codec",
                                "abc-defg-hij",
                                488,
                                "no_common_codec",
                                "caller",
                                "G729/8000")
                        .media("m=audio 4000 RTP/AVP 18")
                        .with("Warning", "305 .*"),
                RefusalRow.call(
                                "a codec that this trunk has not",
                                "abc-defg-hij",
                                488,
                                "no_common_codec",
                                "caller",
                                "PCMA/8000")
                        .media("m=audio 4000 RTP/AVP 8")
                        .with("Warning", "305 .*"),
                RefusalRow.call(
                                "no audio line",
                                "abc-defg-hij",
                                488,
                                "no_common_codec",
                                "caller",
                                "offered video")
                        .media("m=video 4000 RTP/AVP 96")
                        .with("Warning", "304 .*"),
                RefusalRow.call(
                                "SRTP alone",
                                "abc-defg-hij",
                                488,
                                "encryption_required",
                                "caller",
                                "RTP/SAVP")
                        .media("m=audio 4000 RTP/SAVP 0")
                        .with("Warning", "302 .*"),
                RefusalRow.call(
                                "a description that cannot be read",
                                "abc-defg-hij",
                                400,
                                "malformed",
                                "caller",
                                "cannot be read")
                        .media("m=audio nonsense"),
                RefusalRow.call(
                                "a control character in a name",
                                "abc-defg-hij",
                                400,
                                "malformed",
                                "",
                                "")
                        .extra(
                                "X-100ms-Display-Name: a%07b",
                                "Control character in X-100ms-Display-Name.*"),
                RefusalRow.call(
                                "an extension that we lack",
                                "abc-defg-hij",
                                420,
                                "unsupported_extension",
                                "",
                                "")
                        .extra("Require: teleport", "Bad Extension")
                        .with("Unsupported", "teleport"),
                RefusalRow.call("another customer of the carrier", "abc-defg-hij", 407, "", "", "")
                        .proof("X-Account: AC-of-somebody-else")
                        .with("Proxy-Authenticate", "Digest .*"));
    }
}
