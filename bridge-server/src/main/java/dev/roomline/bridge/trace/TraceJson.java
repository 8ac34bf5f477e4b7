package dev.roomline.bridge.trace;

import dev.roomline.bridge.trace.TraceSnapshot.Decision;
import dev.roomline.bridge.trace.TraceSnapshot.Message;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.sip.endpoint.Addresses;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A trace as the API shows it and the store keeps it, secrets taken out. Thread-safe. */
public final class TraceJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static volatile Second lately = new Second(0);

    private final Redaction redaction;

    public TraceJson(Redaction redaction) {
        this.redaction = redaction;
    }

    /** {@code [{n, at, about, text}]}. */
    public static List<Object> decisions(List<Decision> decisions) {
        List<Object> rows = new ArrayList<>(decisions.size());
        for (Decision decision : decisions) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("n", decision.n());
            row.put("at", time(decision.at()));
            row.put("about", decision.about());
            row.put("text", decision.text());
            rows.add(row);
        }
        return rows;
    }

    /**
     * {@code [{n, at, direction, transport, remote, local?, start_line, repeats?, cut?, text?}]}.
     */
    private List<Object> messages(TraceSnapshot trace) {
        List<Object> rows = new ArrayList<>(trace.messages().size());
        for (Message message : trace.messages()) {
            rows.add(row(message));
        }
        return rows;
    }

    /** What the store keeps beside a call's record: {@code {messages, left_out, black_box?}}. */
    public String stored(TraceSnapshot trace) {
        return JSON.writeValueAsString(view(trace));
    }

    /** The same, to be shown at once. */
    public Map<String, Object> view(TraceSnapshot trace) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("messages", messages(trace));
        view.put("left_out", leftOut(trace));
        trace.blackBox().ifPresent(box -> view.put("black_box", blackBox(box)));
        return view;
    }

    /** {@code {format, packets, seconds, …summary, data}}; data is packed rows in base64. */
    private static Map<String, Object> blackBox(BlackBox box) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("format", box.format());
        view.put("packets", box.packets());
        view.put("seconds", box.seconds());
        box.summary().forEach(view::putIfAbsent);
        view.put("data", Base64.getEncoder().encodeToString(box.data()));
        return view;
    }

    /** How much of the middle is not there: {@code {decisions, messages}}. */
    private static Map<String, Object> leftOut(TraceSnapshot trace) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("decisions", trace.decisionsLeftOut());
        counts.put("messages", trace.messagesLeftOut());
        return counts;
    }

    private Map<String, Object> row(Message message) {
        String text = redaction.message(message.wire());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("n", message.n());
        row.put("at", time(message.at()));
        row.put("direction", message.incoming() ? "received" : "sent");
        row.put("transport", message.hop().transport().name().toLowerCase(Locale.ROOT));
        row.put("remote", address(message.hop().remote()));
        InetSocketAddress local = message.hop().local();
        if (local != null) {
            row.put("local", address(local));
        }
        row.put("start_line", text.lines().findFirst().orElse(""));
        if (message.repeats() != 0) {
            row.put("repeats", message.repeats());
            return row;
        }
        if (message.octets() > message.wire().length) {
            row.put("cut", message.octets() - message.wire().length);
        }
        row.put("text", text);
        return row;
    }

    private static String address(InetSocketAddress peer) {
        return Addresses.hostPort(peer);
    }

    /** RFC 3339 in UTC; microseconds, since what is decided takes less than a millisecond. */
    public static String time(Instant instant) {
        Second second = lately;
        if (second.epochSecond != instant.getEpochSecond()) {
            second = new Second(instant.getEpochSecond());
            lately = second;
        }
        int micros = instant.getNano() / 1_000;
        if (micros == 0) {
            return second.text + 'Z';
        }
        boolean wholeMillis = micros % 1_000 == 0;
        int fraction = wholeMillis ? micros / 1_000 : micros;
        String digits = Integer.toString(fraction);
        return second.text
                + '.'
                + "0".repeat((wholeMillis ? 3 : 6) - digits.length())
                + digits
                + 'Z';
    }

    /** A second's text without its zone: what one call is told of lies in a few of them. */
    private static final class Second {
        final long epochSecond;
        final String text;

        Second(long epochSecond) {
            this.epochSecond = epochSecond;
            String whole = Instant.ofEpochSecond(epochSecond).toString();
            this.text = whole.substring(0, whole.length() - 1);
        }
    }
}
