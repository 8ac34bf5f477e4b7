package dev.roomline.system;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SIP messages of one peer in their order.
 *
 * @param messages as SIPp wrote them down, or as our own client got them
 */
record SipTrace(List<Message> messages) {

    /**
     * @param received whether the peer got it from the server
     * @param text with CRLF line ends
     */
    record Message(boolean received, String text) {

        String firstLine() {
            return text.lines().findFirst().orElse("");
        }

        /** Of a response; 0 for a request. */
        int status() {
            return firstLine().startsWith("SIP/2.0 ")
                    ? Integer.parseInt(firstLine().substring(8, 11))
                    : 0;
        }

        String reasonPhrase() {
            return firstLine().substring(12);
        }

        boolean is(String method) {
            return firstLine().startsWith(method + " ");
        }

        /** The values of a header, line by line; empty if there is none. */
        List<String> headers(String name) {
            List<String> values = new ArrayList<>();
            String head = text.split("\r\n\r\n", 2)[0];
            Matcher line =
                    Pattern.compile(
                                    "^" + Pattern.quote(name) + "\\s*:\\s*(.*?)\\s*$",
                                    Pattern.MULTILINE | Pattern.CASE_INSENSITIVE)
                            .matcher(head);
            while (line.find()) {
                values.add(line.group(1));
            }
            return values;
        }

        String header(String name) {
            List<String> values = headers(name);
            if (values.isEmpty()) {
                throw new AssertionError("no " + name + " in\n" + text);
            }
            return values.getFirst();
        }

        String body() {
            String[] parts = text.split("\r\n\r\n", 2);
            return parts.length < 2 ? "" : parts[1];
        }
    }

    /** Reads what {@code -trace_msg} wrote. */
    static SipTrace ofSipp(String log) {
        List<Message> messages = new ArrayList<>();
        for (String part : log.split("(?m)^-{20,}.*$")) {
            Matcher header =
                    Pattern.compile("^(UDP|TCP) message (sent|received).*$", Pattern.MULTILINE)
                            .matcher(part);
            if (header.find()) {
                String text = part.substring(header.end()).stripLeading();
                messages.add(new Message(header.group(2).equals("received"), text));
            }
        }
        return new SipTrace(List.copyOf(messages));
    }

    /** Responses of that status which the peer got. */
    List<Message> responses(int status) {
        return messages.stream().filter(m -> m.received() && m.status() == status).toList();
    }

    /** Requests of that method which the peer got. */
    List<Message> requests(String method) {
        return messages.stream().filter(m -> m.received() && m.is(method)).toList();
    }

    /** The only response of that status. */
    Message response(int status) {
        List<Message> all = responses(status);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " responses " + status + ":\n" + this);
        }
        return all.getFirst();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        messages.forEach(m -> text.append(m.received() ? "<<< " : ">>> ").append(m.text()));
        return text.toString();
    }
}
