package dev.roomline.bridge.api;

/** Which texts may come in: they end in headers, pages and logs. */
public final class Texts {
    private Texts() {}

    /** No control characters, no lone surrogates, at most so many characters. */
    public static boolean plain(String text, int longest) {
        return text.length() <= longest
                && text.codePoints()
                        .noneMatch(
                                c ->
                                        Character.isISOControl(c)
                                                || Character.getType(c) == Character.SURROGATE
                                                || c == 0x2028
                                                || c == 0x2029);
    }

    static String expectation(int longest) {
        return "must be text of at most " + longest + " characters without control characters";
    }
}
