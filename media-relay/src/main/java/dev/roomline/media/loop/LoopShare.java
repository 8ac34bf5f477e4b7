package dev.roomline.media.loop;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What all loops of a relay share. Immutable but for the ports, which are taken without a lock.
 *
 * @param cname of all that we send: random per process (RFC 7022 §4.2)
 */
record LoopShare(
        MediaSettings settings,
        LocalAddresses addresses,
        RtpPorts rtpPorts,
        DtlsIdentity identity,
        DtlsHandshakes handshakes,
        String cname) {

    /** Names to codecs in order; names that are none's are skipped. */
    List<AudioCodec> codecs(List<String> wanted) {
        List<AudioCodec> found = new ArrayList<>();
        for (String name : wanted.isEmpty() ? settings.codecs() : wanted) {
            for (AudioCodec codec : AudioCodec.values()) {
                if (codec.name().equals(name.toUpperCase(Locale.ROOT)) && !found.contains(codec)) {
                    found.add(codec);
                }
            }
        }
        return found;
    }
}
