package dev.roomline.media.leg;

/**
 * One leg at one moment.
 *
 * @param path the road of its sound, as it prints itself
 * @param encryption what protects its media on the wire: {@code none}, {@code SDES} with its suite,
 *     {@code DTLS}
 * @param codecSent empty before negotiation
 * @param codecReceived empty before negotiation
 * @param concealedShare 0 to 1, −1 while nothing was played
 * @param rttMillis −1 while unknown
 * @param levelDbov −127 to 0
 */
public record LegStatus(
        String path,
        String encryption,
        String codecSent,
        String codecReceived,
        Flow received,
        Flow sent,
        double concealedShare,
        double rttMillis,
        int levelDbov) {

    /**
     * One direction.
     *
     * @param bytes payload octets
     * @param lossShare 0 to 1, −1 while unknown
     * @param jitterMillis −1 while unknown
     * @param burstRatio how losses come (ITU-T G.107): 1 at random, more in runs; −1 while unknown,
     *     as ever of what a peer hears: its reports do not tell
     * @param mos 1 to 4.5 by ITU-T G.107, −1 while unknown
     */
    public record Flow(
            long packets,
            long bytes,
            double lossShare,
            double jitterMillis,
            double burstRatio,
            double mos) {
        static final Flow NONE = new Flow(0, 0, -1, -1, -1, -1);

        Flow withMos(double score) {
            return new Flow(packets, bytes, lossShare, jitterMillis, burstRatio, score);
        }
    }
}
