package dev.roomline.bridge.room;

/** Which node owns a room. All questions of more than one machine are asked here. */
@FunctionalInterface
public interface RoomDirectory {

    /** Where calls and joins for this room belong. */
    Owner ownerOf(String roomId);

    /** A server that stands alone owns every room. */
    static RoomDirectory single() {
        return roomId -> new Owner.Here();
    }

    sealed interface Owner {
        record Here() implements Owner {}

        /**
         * @param node where to send the caller
         */
        record Elsewhere(String node) implements Owner {}
    }
}
