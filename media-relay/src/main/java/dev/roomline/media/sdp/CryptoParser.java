package dev.roomline.media.sdp;

import dev.roomline.media.srtp.SrtpProfile;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code a=crypto} (RFC 4568 §9.1). A line that does not parse, or asks for what is not
 * served, is passed over for the next (§7.1.2), and its reason kept: it never holds a key.
 *
 * <p>Served: one {@code inline} key, with any lifetime and with an MKI. Not served: several keys in
 * a line, key derivation rates, sound or reports in clear or without a tag.
 */
final class CryptoParser {
    private static final String INLINE = "inline:";
    private static final int LONGEST_MKI = 128;

    /** RFC 3711 §9.2. */
    private static final int LONGEST_LIFETIME_BITS = 48;

    /** RFC 4568 §6.3.7. */
    private static final int SMALLEST_WINDOW = 64;

    private CryptoParser() {}

    /** What came of a line. */
    sealed interface Result {}

    /** It can be served. */
    record Usable(CryptoLine line) implements Result {}

    /**
     * It cannot.
     *
     * @param tag 0: it has none
     * @param why ends a sentence about the line
     */
    record Unusable(int tag, String why) implements Result {}

    static Result parse(String value) {
        List<String> words = SdpText.words(value);
        int tag = tag(words.get(0));
        if (tag < 0) {
            return new Unusable(0, "has no tag of one to nine digits");
        }
        if (words.size() < 3) {
            return new Unusable(tag, "has no suite and key");
        }
        SrtpProfile profile = SrtpProfile.ofSuite(words.get(1));
        if (profile == null) {
            return new Unusable(tag, "names a suite that is not served");
        }
        for (String parameter : words.subList(3, words.size())) {
            String fault = sessionFault(parameter.toUpperCase(Locale.ROOT));
            if (fault != null) {
                return new Unusable(tag, fault);
            }
        }
        return key(tag, profile, words.get(2));
    }

    private static int tag(String text) {
        // no leading zero, so that a tag has one spelling
        boolean zero = text.length() > 1 && text.charAt(0) == '0';
        return zero ? -1 : SdpText.number(text, 999_999_999);
    }

    private static Result key(int tag, SrtpProfile profile, String text) {
        if (!text.regionMatches(true, 0, INLINE, 0, INLINE.length())) {
            return new Unusable(tag, "has a key method other than inline");
        }
        if (text.indexOf(';') >= 0) {
            return new Unusable(tag, "has several keys, and one is served");
        }
        String[] parts = text.substring(INLINE.length()).split("\\|", -1);
        byte[] both = decode(parts[0]);
        if (both == null) {
            return new Unusable(tag, "has a key that is no base64");
        }
        int expected = profile.keyLength() + profile.saltLength();
        if (both.length != expected) {
            return new Unusable(
                    tag,
                    "has a key of "
                            + both.length
                            + " octets, and "
                            + profile.suite()
                            + " has "
                            + expected);
        }
        byte[] mki = new byte[0];
        long lifetime = MediaProtection.Sdes.LONGEST_LIFETIME;
        int next = 1;
        if (next < parts.length && parts[next].indexOf(':') < 0) {
            lifetime = lifetime(parts[next]);
            if (lifetime == 0) {
                return new Unusable(tag, "has a lifetime that is none");
            }
            next++;
        }
        if (next < parts.length) {
            byte[] named = next == parts.length - 1 ? mki(parts[next]) : null;
            if (named == null) {
                return new Unusable(tag, "has an MKI that is none");
            }
            mki = named;
        }
        byte[] key = Arrays.copyOf(both, profile.keyLength());
        byte[] salt = Arrays.copyOfRange(both, profile.keyLength(), both.length);
        return new Usable(new CryptoLine(tag, profile, key, salt, mki, lifetime));
    }

    private static byte @Nullable [] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Of {@code 2^20} or {@code 1048576}, in packets; 0: it is none. */
    private static long lifetime(String text) {
        if (text.startsWith("2^")) {
            int bits = SdpText.number(text.substring(2), LONGEST_LIFETIME_BITS);
            return bits < 0 ? 0 : 1L << bits;
        }
        boolean digits = SdpText.isDigits(text) && text.length() <= 15;
        long packets = digits ? Long.parseLong(text) : 0;
        return packets <= MediaProtection.Sdes.LONGEST_LIFETIME ? packets : 0;
    }

    /** {@code value:length}: the octets that stand in each packet. */
    private static byte @Nullable [] mki(String text) {
        int colon = text.indexOf(':');
        String number = text.substring(0, Math.max(0, colon));
        int length = SdpText.number(text.substring(colon + 1), LONGEST_MKI);
        if (length < 1 || !SdpText.isDigits(number) || number.length() > 18) {
            return null;
        }
        long value = Long.parseLong(number);
        byte[] octets = new byte[length];
        for (int i = length - 1; i >= 0; i--) {
            octets[i] = (byte) value;
            value >>>= 8;
        }
        return value == 0 ? octets : null;
    }

    /** What of a session parameter (§6.3) cannot be served; null: nothing. */
    private static @Nullable String sessionFault(String parameter) {
        if (parameter.startsWith("UNENCRYPTED_")) {
            return "asks for packets in clear (" + plain(parameter) + ")";
        }
        if (parameter.equals("UNAUTHENTICATED_SRTP")) {
            return "asks for packets without a tag (UNAUTHENTICATED_SRTP)";
        }
        if (parameter.startsWith("KDR=")) {
            return "asks for a key derivation rate (KDR)";
        }
        if (parameter.startsWith("WSH=")) {
            // a hint for whoever receives; ours is the smallest that may be asked for
            int window = SdpText.number(parameter.substring(4), Integer.MAX_VALUE);
            return window >= SMALLEST_WINDOW ? null : "has a window of less than 64 packets";
        }
        // of another stream, which is never agreed to here
        boolean ofErrorCorrection =
                parameter.startsWith("FEC_ORDER=") || parameter.startsWith("FEC_KEY=");
        boolean mayBeIgnored = parameter.startsWith("-");
        return ofErrorCorrection || mayBeIgnored
                ? null
                : "has a session parameter that is not served";
    }

    private static String plain(String parameter) {
        return parameter.equals("UNENCRYPTED_SRTCP") ? "UNENCRYPTED_SRTCP" : "UNENCRYPTED_SRTP";
    }
}
