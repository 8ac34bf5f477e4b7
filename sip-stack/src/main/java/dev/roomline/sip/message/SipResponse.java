package dev.roomline.sip.message;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A parsed response that passed every check of this package. Immutable; read on any thread. */
public interface SipResponse {
    /** 100–699. */
    int status();

    /** As the peer wrote it: any text, possibly empty. */
    String reasonPhrase();

    NameAddr from();

    NameAddr to();

    /** The first Contact; null if there is none. */
    @Nullable NameAddr contact();

    String callId();

    long cseq();

    /** The method of CSeq: what this answers. */
    String cseqMethod();

    /** The first value of a header, by its full or compact name without regard to case. */
    Optional<String> header(String name);

    /** Every value of a header in order, one entry per header line. */
    List<String> headers(String name);

    /** Every header in order: names as they were sent. */
    List<HeaderField> allHeaders();

    /** Null if the message has no body. */
    @Nullable Body body();

    /** The whole message as it came, for the trace; secrets are not redacted here. */
    byte[] wire();
}
