package dev.roomline.media.rtcp;

/** Receives what {@link RtcpParser} finds, in order. Every method may be left out. */
public interface RtcpVisitor {

    /**
     * Sender information (RFC 3550 §6.4.1); its report blocks follow by {@link #onReportBlock}.
     *
     * @param ntp 64 bits of NTP time
     */
    default void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {}

    /** A receiver report (RFC 3550 §6.4.2), even one without blocks. */
    default void onReceiverReport(int ssrc) {}

    /**
     * One report block.
     *
     * @param reporter who reports
     * @param source which stream it is about
     * @param fractionLost in 1/256
     * @param cumulativeLost signed: duplicates may make it negative
     * @param highestSequence extended
     * @param jitter in units of the RTP clock
     * @param lastSr middle 32 bits of the last SR's NTP time, 0 if none came
     * @param delaySinceLastSr in 1/65536 s
     */
    default void onReportBlock(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {}

    /** The CNAME of a source (RFC 3550 §6.5.1), as octets in the datagram. */
    default void onCname(int ssrc, byte[] data, int offset, int length) {}

    /** A source has left (RFC 3550 §6.6). */
    default void onBye(int ssrc) {}

    /**
     * One sequence number asked for again (RFC 4585 §6.2.1), its bit mask already unfolded.
     *
     * @param media the stream's SSRC
     * @param sequence 0 to 65535
     */
    default void onNack(int media, int sequence) {}

    /** A packet of a kind that is not used here (transport-cc, PLI, APP, XR …): skipped. */
    default void onOther(int packetType, int format) {}
}
