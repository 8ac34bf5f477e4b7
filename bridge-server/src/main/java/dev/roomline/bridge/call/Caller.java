package dev.roomline.bridge.call;

import dev.roomline.bridge.trace.Redacted;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as far as that is known and believed.
 *
 * @param from the caller's user part as it was sent: CDR and API only
 * @param to what was dialled
 * @param name as the room shows it
 * @param attributes kept headers
 * @param trunk id of the trunk that vouches; null with an account
 * @param account the account that authenticated; null with a trunk
 * @param room id of the room that it means; null where none was found
 */
public record Caller(
        String from,
        String to,
        String name,
        String userId,
        Map<String, String> attributes,
        @Nullable String trunk,
        @Nullable String account,
        @Nullable String room) {
    public Caller {
        attributes = Map.copyOf(attributes);
    }

    /** The same caller, its room known. */
    public Caller into(String roomId) {
        return new Caller(from, to, name, userId, attributes, trunk, account, roomId);
    }

    @Override
    public String toString() {
        return "Caller[from=" + new Redacted(from) + ", room=" + room + "]";
    }
}
