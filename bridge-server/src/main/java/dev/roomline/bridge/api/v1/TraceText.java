package dev.roomline.bridge.api.v1;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A trace as a ladder for people: time, arrow, message, and between the messages what was decided;
 * the messages whole below it.
 */
final class TraceText {
    private static final int REMOTE_WIDTH = 26;

    private final StringBuilder text = new StringBuilder(4096);
    private final Instant start;

    private TraceText(Instant start) {
        this.start = start;
    }

    static String of(JsonNode trace) {
        List<JsonNode> rows = new ArrayList<>();
        trace.path("decisions").forEach(rows::add);
        trace.path("messages").forEach(rows::add);
        rows.sort(Comparator.comparingInt(row -> row.path("n").asInt(0)));
        JsonNode call = trace.path("call");
        Instant start =
                Instant.parse(
                        rows.isEmpty()
                                ? call.path("started_at").asString("")
                                : rows.getFirst().path("at").asString(""));
        TraceText ladder = new TraceText(start);
        ladder.head(call, trace.path("end"));
        rows.forEach(ladder::row);
        ladder.foot(trace);
        return ladder.text.toString();
    }

    private void head(JsonNode call, JsonNode end) {
        line(
                "call %s  %s  %s%s",
                said(call, "id"),
                said(call, "direction"),
                said(call, "state"),
                call.path("sip_call_id").isMissingNode()
                        ? ""
                        : "  Call-ID " + said(call, "sip_call_id"));
        line("from %s to %s%s", said(call, "from"), said(call, "to"), known(call));
        line("began %s", start);
        if (end.isObject()) {
            String status =
                    end.path("sip_status").isNumber()
                            ? ", SIP status " + end.path("sip_status").asInt()
                            : "";
            line("ended: %s, culprit %s%s", said(end, "reason"), said(end, "culprit"), status);
            line("       %s", said(end, "text"));
        }
        text.append('\n');
    }

    private static String known(JsonNode call) {
        StringBuilder known = new StringBuilder();
        for (String name : List.of("trunk", "account", "room")) {
            if (call.path(name).isString()) {
                known.append(", ").append(name).append(' ').append(said(call, name));
            }
        }
        return known.toString();
    }

    private void row(JsonNode row) {
        String after = after(row);
        if (row.has("about")) {
            line("%s  %-28s   %s: %s", after, "", said(row, "about"), said(row, "text"));
            return;
        }
        boolean received = said(row, "direction").equals("received");
        String remote = said(row, "transport") + " " + said(row, "remote");
        String again = row.has("repeats") ? "  (again)" : "";
        line(
                "%s  %-" + REMOTE_WIDTH + "s %s  %s%s",
                after,
                remote,
                received ? "──▶" : "◀──",
                said(row, "start_line"),
                again);
    }

    private void foot(JsonNode trace) {
        JsonNode leftOut = trace.path("left_out");
        int messages = leftOut.path("messages").asInt(0);
        int decisions = leftOut.path("decisions").asInt(0);
        if (messages + decisions > 0) {
            line(
                    "%nLeft out between the first and the last: %d messages, %d decisions.",
                    messages, decisions);
        }
        if (said(trace, "kept").equals("decisions")) {
            line("%nThe messages of this call were not kept (calls.trace, calls.trace_keep).");
        }
        String path = trace.path("media").path("path").asString("");
        if (!path.isEmpty()) {
            line("%nmedia: %s", clean(path));
        }
        trace.path("messages").forEach(this::whole);
    }

    private void whole(JsonNode message) {
        if (!message.has("text")) {
            return;
        }
        line(
                "%n%s  %s, %s %s",
                after(message),
                said(message, "direction"),
                said(message, "transport"),
                said(message, "remote"));
        message.path("text").asString("").lines().forEach(l -> line("  | %s", clean(l)));
        if (message.has("cut")) {
            line("  … and %d octets more", message.path("cut").asInt());
        }
    }

    private String after(JsonNode row) {
        Duration after = Duration.between(start, Instant.parse(row.path("at").asString("")));
        return String.format(Locale.ROOT, "%+10.1f ms", after.toNanos() / 1e6);
    }

    private static String said(JsonNode node, String name) {
        return clean(node.path(name).asString(""));
    }

    /** What a peer sent must not move the reader's cursor. */
    private static String clean(String line) {
        StringBuilder clean = new StringBuilder(line.length());
        line.codePoints()
                .map(c -> Character.isISOControl(c) && c != '\t' ? '\ufffd' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
