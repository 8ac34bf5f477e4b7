package dev.roomline.media.jitter;

/**
 * A jitter buffer's figures since it was made.
 *
 * @param playedSamples at 16 kHz, of speech or made up for lost speech
 * @param concealedSamples of these, made up for what was lost or late
 * @param concealedShare the second by the first, 0 to 1
 * @param recoveredSamples samples that the next packet's in-band FEC brought back
 * @param delayMillis what the buffer adds now, beyond the fastest packet of the last seconds
 * @param targetMillis what it aims at
 * @param accepted packets taken
 * @param late packets that came after their moment
 * @param lost packets that had not come when their moment came
 * @param duplicates packets that came twice
 * @param overflows packets thrown away for want of room
 * @param invalid packets that were no packet of the codec
 * @param stretchedSamples samples inserted by slower play
 * @param compressedSamples samples removed by faster play
 */
public record JitterReport(
        long playedSamples,
        long concealedSamples,
        double concealedShare,
        long recoveredSamples,
        int delayMillis,
        int targetMillis,
        long accepted,
        long late,
        long lost,
        long duplicates,
        long overflows,
        long invalid,
        long stretchedSamples,
        long compressedSamples) {
    /** Of all samples here, whatever rate the stream has. */
    public static final int PER_MILLI = 16;

    /** These figures with those of another buffer of the same leg; delay and target are ours. */
    public JitterReport with(JitterReport other) {
        long played = playedSamples + other.playedSamples;
        long concealed = concealedSamples + other.concealedSamples;
        return new JitterReport(
                played,
                concealed,
                played == 0 ? 0 : Math.clamp((double) concealed / played, 0, 1),
                recoveredSamples + other.recoveredSamples,
                delayMillis,
                targetMillis,
                accepted + other.accepted,
                late + other.late,
                lost + other.lost,
                duplicates + other.duplicates,
                overflows + other.overflows,
                invalid + other.invalid,
                stretchedSamples + other.stretchedSamples,
                compressedSamples + other.compressedSamples);
    }
}
