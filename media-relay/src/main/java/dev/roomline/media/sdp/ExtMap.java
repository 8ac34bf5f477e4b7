package dev.roomline.media.sdp;

/**
 * A header extension offered (RFC 8285 §5).
 *
 * @param id 1 to 14 for the one-byte form
 * @param direction of who wrote it
 * @param uri what it means
 */
public record ExtMap(int id, Direction direction, String uri) {

    /** The attribute; the direction only if it limits. */
    public Attribute attribute() {
        String suffix = direction == Direction.SENDRECV ? "" : "/" + direction.attribute();
        return Attribute.of("extmap", id + suffix + " " + uri);
    }
}
