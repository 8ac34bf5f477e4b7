package dev.roomline.media.sdp;

import dev.roomline.media.srtp.SrtpKeys;
import java.util.Arrays;
import java.util.List;

/** What protects a SIP leg's media, as agreed by descriptions. */
public sealed interface MediaProtection {

    /** As an operator reads it; without secrets. */
    String label();

    /** Nothing: RTP as it is. */
    record Plain() implements MediaProtection {
        public static final Plain RTP = new Plain();

        @Override
        public String label() {
            return "none";
        }
    }

    /**
     * SRTP by keys that travelled in the descriptions (RFC 4568).
     *
     * @param tag of the lines that hold
     * @param keys of both directions
     * @param mki what stands in each packet of the peer's to name its key; empty: nothing does
     * @param lifetimePackets how many packets of sound, and as many reports, the peer's key may
     *     protect by its own word (§6.1)
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Sdes(int tag, SrtpKeys keys, byte[] mki, long lifetimePackets)
            implements MediaProtection {
        /** RFC 3711 §9.2: no key may protect more. */
        public static final long LONGEST_LIFETIME = 1L << 48;

        @Override
        public String label() {
            return "SDES " + keys.profile().suite();
        }

        /** Whether the peer's packets are read in the same way. */
        public boolean receivesAs(Sdes other) {
            return keys.receivesAs(other.keys) && Arrays.equals(mki, other.mki);
        }

        /** Shows no key. */
        @Override
        public String toString() {
            return label();
        }
    }

    /**
     * SRTP by keys that a DTLS handshake on the media path makes (RFC 5763, RFC 5764).
     *
     * @param fingerprints one of which the peer's certificate has
     * @param weBegin we are the handshake's client ({@code a=setup:active}), else the peer is
     * @param association the peer's name for it ({@code a=tls-id}, RFC 8842); empty: it has none
     */
    record Dtls(List<Fingerprint> fingerprints, boolean weBegin, String association)
            implements MediaProtection {
        public Dtls {
            fingerprints = List.copyOf(fingerprints);
        }

        /** The same but for who begins: a description may leave that to us. */
        boolean isOf(List<Fingerprint> others, String othersAssociation) {
            return fingerprints.equals(others) && association.equals(othersAssociation);
        }

        @Override
        public String label() {
            return "DTLS";
        }
    }
}
