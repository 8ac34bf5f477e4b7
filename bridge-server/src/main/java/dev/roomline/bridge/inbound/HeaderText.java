package dev.roomline.bridge.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** How a header's value that names the caller is read: percent-decoded, bounded, clean. */
final class HeaderText {
    static final int MAX_CHARACTERS = 255;

    private HeaderText() {}

    /**
     * Decodes {@code %20} and its like. A value with a broken escape, or whose octets are no UTF-8,
     * stays as it was sent: a per cent sign may be meant.
     */
    static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] sent = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer octets = ByteBuffer.allocate(sent.length);
        for (int i = 0; i < sent.length; i++) {
            if (sent[i] != '%') {
                octets.put(sent[i]);
                continue;
            }
            if (i + 2 >= sent.length
                    || !HexFormat.isHexDigit(sent[i + 1])
                    || !HexFormat.isHexDigit(sent[i + 2])) {
                return value;
            }
            int high = HexFormat.fromHexDigit(sent[i + 1]);
            octets.put((byte) (high << 4 | HexFormat.fromHexDigit(sent[i + 2])));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }

    /** The position of the first control character (Unicode category Cc); empty if it is clean. */
    static Optional<Integer> controlCharacter(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** At most {@value #MAX_CHARACTERS} characters, never half of one. */
    static String bounded(String value) {
        if (value.codePointCount(0, value.length()) <= MAX_CHARACTERS) {
            return value;
        }
        return value.substring(0, value.offsetByCodePoints(0, MAX_CHARACTERS));
    }
}
