package dev.roomline.bridge.room;

/** What strangers write about themselves, made fit to be shown beside others' names. */
public final class DisplayText {
    private static final int MAX_CHARACTERS = 255;

    private DisplayText() {}

    /**
     * One line, bounded, without control characters and without those that turn the direction of
     * the text around it (Unicode Bidi_Control): a name must not change what stands beside it.
     */
    public static String line(String given) {
        String text = given.strip();
        StringBuilder clean = new StringBuilder(text.length());
        int kept = 0;
        for (int at = 0; at < text.length() && kept < MAX_CHARACTERS; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (!Character.isISOControl(c) && !turnsDirection(c)) {
                clean.appendCodePoint(c);
                kept++;
            }
        }
        return clean.toString();
    }

    private static boolean turnsDirection(int c) {
        return (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x200e
                || c == 0x200f
                || c == 0x061c;
    }
}
