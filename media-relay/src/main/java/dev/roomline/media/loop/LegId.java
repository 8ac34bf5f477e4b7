package dev.roomline.media.loop;

/**
 * Names one leg in this process; never reused. Its value is also the participant's CSRC on the wire
 * (RFC 3550 §5.1).
 *
 * @param value positive
 */
public record LegId(int value) {
    public LegId {
        if (value <= 0) {
            throw new IllegalArgumentException("leg id must be positive, was " + value);
        }
    }
}
