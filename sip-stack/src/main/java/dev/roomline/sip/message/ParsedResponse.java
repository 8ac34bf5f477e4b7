package dev.roomline.sip.message;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A response with all that the core needs beyond the application's view. Immutable.
 *
 * <p>Made by {@link SipParser} only.
 */
public final class ParsedResponse implements SipResponse, ParseOutcome {
    private final HeaderBlock block;
    private final int status;
    private final String reasonPhrase;
    private final Via topVia;
    private final String callId;
    private final MessageFields fields;
    private final byte[] wire;

    ParsedResponse(
            HeaderBlock block,
            int status,
            String reasonPhrase,
            Via topVia,
            String callId,
            MessageFields fields,
            byte[] wire) {
        this.block = block;
        this.status = status;
        this.reasonPhrase = reasonPhrase;
        this.topVia = topVia;
        this.callId = callId;
        this.fields = fields;
        this.wire = wire;
    }

    public Via topVia() {
        return topVia;
    }

    /** The To value as it was sent: what an ACK repeats. */
    public String toText() {
        HeaderLine line = block.first("to");
        return line == null ? "" : line.value();
    }

    /** The Contact with its URI's text; null if there is none. */
    public @Nullable Address contactAddress() {
        return fields.contact();
    }

    /** Record-Route as it came: the callee's order. */
    public List<Address> recordRoute() {
        return fields.recordRoute();
    }

    /** How many Via values stand on top lines: more than one is not for us (§8.1.3.3). */
    public boolean hasSeveralVias() {
        List<HeaderLine> vias = block.all("via");
        return vias.size() > 1 || Grammar.commaSeparated(vias.getFirst().value()).size() > 1;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String reasonPhrase() {
        return reasonPhrase;
    }

    @Override
    public NameAddr from() {
        return fields.from().nameAddr();
    }

    @Override
    public NameAddr to() {
        return fields.to().nameAddr();
    }

    @Override
    public @Nullable NameAddr contact() {
        Address contact = fields.contact();
        return contact == null ? null : contact.nameAddr();
    }

    @Override
    public String callId() {
        return callId;
    }

    @Override
    public long cseq() {
        return fields.cseq();
    }

    @Override
    public String cseqMethod() {
        return fields.cseqMethod();
    }

    @Override
    public Optional<String> header(String name) {
        return MessageFields.header(block, name);
    }

    @Override
    public List<String> headers(String name) {
        return MessageFields.headers(block, name);
    }

    @Override
    public List<HeaderField> allHeaders() {
        return MessageFields.allHeaders(block);
    }

    @Override
    public @Nullable Body body() {
        return fields.body();
    }

    @Override
    public byte[] wire() {
        return wire;
    }

    @Override
    public String toString() {
        return status + " " + reasonPhrase + " to " + cseqMethod() + " call-id=" + callId;
    }
}
