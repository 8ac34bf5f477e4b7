package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** SIP peers. Blocks: virtual threads only. */
public interface Trunks {

    Optional<TrunkRow> find(String id);

    /** In the order in which they are asked: the file's, then those made by API by age. */
    List<TrunkRow> all();

    /** Newest first. */
    Page<TrunkRow> list(Page.@Nullable Cursor after, int limit);

    Change<TrunkRow> create(Declared.Trunk trunk);

    /**
     * @param edit what the trunk shall be, of what it is; empty: leave it
     */
    Change<TrunkRow> update(String id, Function<Declared.Trunk, Optional<Declared.Trunk>> edit);

    /** In use while a route made by API names it. */
    Change<TrunkRow> delete(String id);
}
