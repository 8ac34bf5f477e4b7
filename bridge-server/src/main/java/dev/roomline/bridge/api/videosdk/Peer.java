package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import java.util.List;
import java.util.Map;

/**
 * A trunk or gateway of the dialect: one of our trunks, or an account by which a carrier proves
 * itself.
 *
 * @param id our own
 * @param address {@code host[:port]}; empty where calls only come in
 * @param transport {@code udp}, {@code tcp} or empty
 * @param username empty: none
 * @param kept what the client said that means nothing to us
 */
record Peer(
        String id,
        boolean isAccount,
        Direction direction,
        String name,
        List<String> numbers,
        String address,
        String transport,
        String username,
        List<String> allowedAddresses,
        String mediaEncryption,
        Map<String, Object> kept) {

    enum Direction {
        INBOUND("inbound"),
        OUTBOUND("outbound");

        private final String label;

        Direction(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** As the dialect names it: 21 characters. */
    String alias() {
        return Aliases.word21(id);
    }
}
