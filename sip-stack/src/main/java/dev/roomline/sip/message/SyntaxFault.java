package dev.roomline.sip.message;

import java.util.Locale;

/** A fault on its way from where it is found to {@link SipParser}; never leaves this package. */
final class SyntaxFault extends Exception {
    final Malformed.Reason reason;
    final int offset;
    final int status;
    final String phrase;

    SyntaxFault(Malformed.Reason reason, int offset, String phrase) {
        this(reason, offset, 400, phrase);
    }

    SyntaxFault(Malformed.Reason reason, int offset, int status, String phrase) {
        super(phrase, null, false, false);
        this.reason = reason;
        this.offset = offset;
        this.status = status;
        this.phrase = phrase;
    }

    static SyntaxFault badHeader(HeaderLine line, String what) {
        String name = line.key().length() <= 32 ? title(line.key()) : "header";
        return new SyntaxFault(
                Malformed.Reason.BAD_HEADER, line.offset(), "Bad " + name + ": " + what);
    }

    /** The usual spelling of a lower-case name, without what could break out of a reason phrase. */
    static String title(String key) {
        return switch (key) {
            case "call-id" -> "Call-ID";
            case "cseq" -> "CSeq";
            default -> {
                StringBuilder text = new StringBuilder(key);
                for (int i = 0; i < text.length(); i++) {
                    if (i == 0 || text.charAt(i - 1) == '-') {
                        text.setCharAt(
                                i, key.substring(i, i + 1).toUpperCase(Locale.ROOT).charAt(0));
                    }
                }
                yield text.toString();
            }
        };
    }
}
