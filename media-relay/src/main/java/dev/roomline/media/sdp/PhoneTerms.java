package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What we bring to a negotiation with a SIP peer.
 *
 * @param address where our RTP is received: into {@code c=} and {@code o=}
 * @param rtpPort even; RTCP is on the port above unless muxed
 * @param codecs in our order of preference, none twice, at least one
 * @param ptimeMillis what we ask for when the peer asks for nothing: 20
 * @param security whether and how media is encrypted
 * @param candidates where we are reached by ICE, best first, told to who offers it; none: it is not
 *     served
 */
public record PhoneTerms(
        InetAddress address,
        int rtpPort,
        List<AudioCodec> codecs,
        int ptimeMillis,
        Security security,
        List<LocalCandidate> candidates) {
    public PhoneTerms {
        candidates = List.copyOf(candidates);
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty()) {
            throw new IllegalArgumentException("at least one codec is needed");
        }
    }

    /** Without ICE. */
    public PhoneTerms(
            InetAddress address,
            int rtpPort,
            List<AudioCodec> codecs,
            int ptimeMillis,
            Security security) {
        this(address, rtpPort, codecs, ptimeMillis, security, List.of());
    }

    /**
     * @param policy what is asked of the leg
     * @param fingerprint of our certificate; null: DTLS is not served
     * @param random unpredictable: master keys come from it
     */
    public record Security(
            MediaEncryption policy, @Nullable Fingerprint fingerprint, RandomGenerator random) {}
}
