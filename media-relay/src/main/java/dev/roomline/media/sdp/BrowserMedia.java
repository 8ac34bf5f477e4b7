package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed with a browser.
 *
 * @param localIce our ufrag and password as answered
 * @param remoteUfrag the browser's
 * @param remotePassword the browser's; a lite agent sends no checks, so only for the record
 * @param iceRestarted this offer brought new remote credentials, so {@code localIce} is new
 * @param fingerprints what the browser's certificate must match one of; only usable algorithms
 * @param weAreServer whether we are the DTLS server ({@code a=setup:passive} in our answer)
 * @param uplink the line that it sends on; null: it only listens
 * @param downlinks the lines that we send on, in the order of the description
 * @param mix true: exactly one line receives, so it is sent a mix; else the lines are slots
 */
public record BrowserMedia(
        IceCredentials localIce,
        String remoteUfrag,
        String remotePassword,
        boolean iceRestarted,
        List<Fingerprint> fingerprints,
        boolean weAreServer,
        @Nullable Uplink uplink,
        List<Downlink> downlinks,
        boolean mix) {

    public BrowserMedia {
        fingerprints = List.copyOf(fingerprints);
        downlinks = List.copyOf(downlinks);
    }

    /**
     * @param mid of its line
     * @param line what its packets look like
     */
    public record Uplink(String mid, Line line) {}

    /**
     * @param mid of its line
     * @param ssrc as signalled; kept for the life of the line
     * @param cname of all our streams to this peer
     * @param nack the browser asks for lost packets, and our answer said so
     * @param line what its packets look like
     */
    public record Downlink(String mid, int ssrc, String cname, boolean nack, Line line) {}

    /**
     * @param codecs every codec of ours on this line by payload type, most preferred first
     * @param opusPayloadType −1: no Opus
     * @param telephoneEvents payload type by clock rate
     * @param comfortNoise payload type of CN/8000, −1: none
     * @param extensions what header extensions (RFC 8285) mean on it
     * @param opus the browser's wishes for what it receives
     */
    public record Line(
            Map<Integer, AudioCodec> codecs,
            int opusPayloadType,
            Map<Integer, Integer> telephoneEvents,
            int comfortNoise,
            HeaderExtensions extensions,
            OpusParameters opus) {}

    /**
     * Ids of header extensions, −1 where not negotiated.
     *
     * @param mid {@code urn:ietf:params:rtp-hdrext:sdes:mid} (RFC 8843)
     * @param audioLevel {@code urn:ietf:params:rtp-hdrext:ssrc-audio-level} (RFC 6464)
     * @param transportSequence transport-wide congestion control's sequence number
     */
    public record HeaderExtensions(int mid, int audioLevel, int transportSequence) {}
}
