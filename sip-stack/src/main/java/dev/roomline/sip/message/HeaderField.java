package dev.roomline.sip.message;

/**
 * One header line to be added to a message that we send. Making one whose name or value would break
 * out of its line throws IllegalArgumentException: callers check what users gave before they come
 * here.
 *
 * @param name a token (RFC 3261 §25.1)
 * @param value the field's value on one line: no CR, LF or other control character but tab
 */
public record HeaderField(String name, String value) {
    public HeaderField {
        if (!isToken(name)) {
            throw new IllegalArgumentException("header name must be a token (RFC 3261 §25.1)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException(
                        "value of " + name + " must have no control character, found one at " + i);
            }
        }
    }

    private static boolean isToken(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!alphanumeric && "-.!%*_+`'~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
