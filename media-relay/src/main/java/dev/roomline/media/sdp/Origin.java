package dev.roomline.media.sdp;

/**
 * An {@code o=} line (RFC 8866 §5.2). Numbers stay text: peers write more digits than fit.
 *
 * @param username without spaces
 * @param sessionId digits
 * @param version digits
 * @param connection network and address
 */
public record Origin(String username, String sessionId, String version, Connection connection) {

    /** As it stands after {@code o=}. */
    @Override
    public String toString() {
        return username + " " + sessionId + " " + version + " " + connection;
    }
}
