package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.List;

/**
 * An inbound digest account.
 *
 * @param realm the digest realm that both hashes were made with; useless under another
 * @param ha1Md5 hex MD5(username:realm:password), so that no password is stored (RFC 7616 §3.4.2)
 * @param ha1Sha256 the same by SHA-256
 * @param rooms codes or ids that it may enter; {@code *} is all
 * @param source {@code file} or {@code api}
 */
public record AccountRow(
        String id,
        String username,
        String realm,
        String ha1Md5,
        String ha1Sha256,
        List<String> rooms,
        Instant createdAt,
        String source) {
    public AccountRow {
        rooms = List.copyOf(rooms);
    }

    @Override
    public String toString() {
        return "AccountRow[id=" + id + ", username=" + username + "]";
    }
}
