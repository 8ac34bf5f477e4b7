package dev.roomline.sip.message;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request with all that the core needs beyond the application's view. Immutable.
 *
 * <p>Made by {@link SipParser} only.
 */
public final class ParsedRequest implements SipRequest, ParseOutcome {
    private final HeaderBlock block;
    private final RequestHead head;
    private final SipUri requestUri;
    private final String requestUriText;
    private final MessageFields fields;
    private final byte[] wire;

    /** Made when it is asked for, which several do of one request or none. */
    private @Nullable List<HeaderField> allHeaders;

    ParsedRequest(
            HeaderBlock block,
            RequestHead head,
            SipUri requestUri,
            String requestUriText,
            MessageFields fields,
            byte[] wire) {
        this.block = block;
        this.head = head;
        this.requestUri = requestUri;
        this.requestUriText = requestUriText;
        this.fields = fields;
        this.wire = wire;
    }

    /** What answers to it copy. */
    public RequestHead head() {
        return head;
    }

    public Via topVia() {
        return head.topVia();
    }

    /** The branch of the top Via, always with its cookie and something behind it. */
    public String branch() {
        String branch = head.topVia().branch();
        return branch == null ? "" : branch;
    }

    /** Never empty: a request without From tag is refused. */
    public String fromTag() {
        String tag = fields.from().nameAddr().tag();
        return tag == null ? "" : tag;
    }

    /** Null outside a dialog. */
    public @Nullable String toTag() {
        return fields.to().nameAddr().tag();
    }

    /** The Contact with its URI's text; null if there is none or it is {@code *}. */
    public @Nullable Address contactAddress() {
        return fields.contact();
    }

    /** Record-Route values in order, one URI each. */
    public List<Address> recordRoute() {
        return fields.recordRoute();
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public SipUri requestUri() {
        return requestUri;
    }

    @Override
    public String requestUriText() {
        return requestUriText;
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
        return head.callId();
    }

    @Override
    public long cseq() {
        return fields.cseq();
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
        List<HeaderField> all = allHeaders;
        if (all == null) {
            all = MessageFields.allHeaders(block);
            allHeaders = all;
        }
        return all;
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
        return method() + " " + requestUriText + " cseq=" + cseq() + " call-id=" + callId();
    }
}
