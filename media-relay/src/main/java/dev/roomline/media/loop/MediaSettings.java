package dev.roomline.media.loop;

import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.PassThroughPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What the relay is started with; the product makes it from the configuration file.
 *
 * @param bind addresses where sockets bind; wildcards allowed
 * @param publicAddresses told to peers outside private ranges, in SDP and ICE
 * @param rtpPortFirst first of the range for SIP legs; RTP takes even ports
 * @param rtpPortLast last of that range, inclusive
 * @param webrtcPort loop n listens on this port + n
 * @param loops number of media loops; 0: one per core
 * @param codecs names in order of preference: opus, g722, pcmu, pcma
 * @param opusComplexity 0 to 10
 * @param passThrough whether phones' sound goes to browsers as it comes
 * @param enhancement what is to be done to phones' speech
 * @param silenceTimeout a leg that sends neither RTP nor RTCP; zero: never
 */
public record MediaSettings(
        List<InetAddress> bind,
        List<InetAddress> publicAddresses,
        int rtpPortFirst,
        int rtpPortLast,
        int webrtcPort,
        int loops,
        List<String> codecs,
        int opusComplexity,
        PassThroughPolicy passThrough,
        EnhancementWishes enhancement,
        Duration silenceTimeout) {
    public MediaSettings {
        bind = List.copyOf(bind);
        publicAddresses = List.copyOf(publicAddresses);
        codecs = List.copyOf(codecs);
    }
}
