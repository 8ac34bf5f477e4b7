package dev.roomline.bridge.store;

import java.util.Map;
import java.util.Optional;

/**
 * What clients of a hosted product say of an object and we only keep for them: their own names,
 * metadata, tags. Nothing in the product is decided by it. Blocks: virtual threads only.
 */
public interface Notes {

    /**
     * @param kind whose note it is and of what, a constant in code
     * @param owner the object's own id
     */
    Optional<Map<String, Object>> find(String kind, String owner);

    /** All of a kind, by owner. */
    Map<String, Map<String, Object>> all(String kind);

    /** Takes the place of the one that was. */
    void put(String kind, String owner, Map<String, Object> note);

    void delete(String kind, String owner);
}
