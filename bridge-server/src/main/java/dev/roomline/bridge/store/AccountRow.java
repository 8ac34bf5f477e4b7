package dev.roomline.bridge.store;

import java.util.List;

/**
 * An inbound digest account.
 *
 * @param ha1Md5 hex MD5(username:realm:password), so that no password is stored
 * @param rooms codes or ids that it may enter; {@code *} is all
 */
public record AccountRow(
        String id, String username, String ha1Md5, List<String> rooms, String source) {
    public AccountRow {
        rooms = List.copyOf(rooms);
    }

    @Override
    public String toString() {
        return "AccountRow[id=" + id + ", username=" + username + "]";
    }
}
