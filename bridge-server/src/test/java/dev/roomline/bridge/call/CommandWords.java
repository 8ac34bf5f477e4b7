package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command to the SIP core in a word or three, for a test to compare. */
final class CommandWords {
    private CommandWords() {}

    /** {@code 200 our sdp}, {@code 415 Accept}, {@code BYE Reason}. */
    static String withHeaders(SipCommand command) {
        return switch (command) {
            case SipCommand.Respond respond ->
                    (respond.status() + headers(respond.headers()) + " " + text(respond.body()))
                            .strip();
            case SipCommand.Bye bye -> "BYE" + headers(bye.headers());
            case SipCommand.SendInDialog send -> send.method();
            case SipCommand.Identify _ -> "Identify";
            case SipCommand.NamePeer _ -> "NamePeer";
            case SipCommand.KeepAlive _ -> "KeepAlive";
            case ClientCommand client -> client.getClass().getSimpleName();
        };
    }

    /** Names, and of a Warning its code. */
    private static String headers(List<HeaderField> headers) {
        StringBuilder names = new StringBuilder();
        for (HeaderField header : headers) {
            names.append(' ')
                    .append(
                            header.name().equals("Warning")
                                    ? header.value().substring(0, 3)
                                    : header.name());
        }
        return names.toString();
    }

    /** {@code 200 our sdp}, {@code INVITE our hold}, {@code BYE}. */
    static String withBody(SipCommand command) {
        return switch (command) {
            case SipCommand.Respond respond ->
                    (respond.status() + " " + text(respond.body())).strip();
            case SipCommand.Bye _ -> "BYE";
            case SipCommand.SendInDialog send -> send.method() + " " + text(send.body());
            case SipCommand.Identify _ -> "Identify";
            case SipCommand.NamePeer _ -> "NamePeer";
            case SipCommand.KeepAlive _ -> "KeepAlive";
            case ClientCommand client -> client.getClass().getSimpleName();
        };
    }

    private static String text(@Nullable Body body) {
        return body == null ? "" : new String(body.bytes(), StandardCharsets.UTF_8);
    }
}
