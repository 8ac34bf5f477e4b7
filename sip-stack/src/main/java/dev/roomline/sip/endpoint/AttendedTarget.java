package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.refer.Replaces;
import java.nio.charset.StandardCharsets;

/** The Refer-To that has somebody take our place in a dialog (RFC 5589 §7.2). Stateless. */
final class AttendedTarget {
    private static final String HEX = "0123456789ABCDEF";

    private AttendedTarget() {}

    /** Its names as the dialog's peer, who is to be called, sees them (RFC 3891 §3). */
    static String of(Dialog dialog) {
        String uri = dialog.remoteTarget().uriText();
        int question = uri.indexOf('?', uri.lastIndexOf('@') + 1);
        Replaces replaces =
                new Replaces(dialog.callId(), dialog.remoteTag(), dialog.localTag(), false);
        return '<'
                + (question < 0 ? uri : uri.substring(0, question))
                + "?Replaces="
                + escaped(replaces.value())
                + '>';
    }

    /** RFC 3261 §25.1, hvalue: all but the unreserved is escaped. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-_.!~*'()".indexOf(c) >= 0;
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return escaped.toString();
    }
}
