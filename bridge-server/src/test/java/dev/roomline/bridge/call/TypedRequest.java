package dev.roomline.bridge.call;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request whose body is said to be of another type. */
record TypedRequest(SipRequest request, String type) implements SipRequest {
    @Override
    public String method() {
        return request.method();
    }

    @Override
    public SipUri requestUri() {
        return request.requestUri();
    }

    @Override
    public String requestUriText() {
        return request.requestUriText();
    }

    @Override
    public NameAddr from() {
        return request.from();
    }

    @Override
    public NameAddr to() {
        return request.to();
    }

    @Override
    public @Nullable NameAddr contact() {
        return request.contact();
    }

    @Override
    public String callId() {
        return request.callId();
    }

    @Override
    public long cseq() {
        return request.cseq();
    }

    @Override
    public Optional<String> header(String name) {
        return name.equals("Content-Type") ? Optional.of(type) : request.header(name);
    }

    @Override
    public List<String> headers(String name) {
        return request.headers(name);
    }

    @Override
    public List<HeaderField> allHeaders() {
        return request.allHeaders();
    }

    @Override
    public @Nullable Body body() {
        Body body = request.body();
        return body == null ? null : new Body(type.split(";", 2)[0], body.bytes());
    }

    @Override
    public byte[] wire() {
        return request.wire();
    }
}
